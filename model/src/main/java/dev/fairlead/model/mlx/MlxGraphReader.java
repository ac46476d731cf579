package dev.fairlead.model.mlx;

import dev.fairlead.model.ErrorCode;
import dev.fairlead.model.graph.Expression;
import dev.fairlead.model.graph.ExpressionParser;
import dev.fairlead.model.graph.Origin;
import dev.fairlead.model.json.Json;
import dev.fairlead.model.tensor.DType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads and checks {@code graph.json}, version 1. */
public final class MlxGraphReader {
    private static final int MAX_RANK = 64;

    private final Map<String, MlxValue> values = new HashMap<>();
    private final Set<String> symbols = new HashSet<>();

    private MlxGraphReader() {}

    /**
     * Reads a graph.
     *
     * @throws dev.fairlead.model.ModelException naming file and field when anything is missing, of the wrong kind,
     *     made twice, used before it is made, or uses a symbol that is not declared
     */
    public static MlxGraph read(Path graphJson) {
        return new MlxGraphReader().graph(Json.read(graphJson));
    }

    private MlxGraph graph(Json root) {
        expect(root.field("format"), "fairlead-graph");
        if (root.field("version").integer() != 1) {
            throw root.field("version").error(ErrorCode.UNSUPPORTED, "only version 1 can be read", null);
        }
        expect(root.field("framework").field("name"), "mlx");
        List<String> declared = new ArrayList<>();
        for (Json symbol : root.field("symbols").items()) {
            Expression parsed = parse(symbol);
            if (!parsed.equals(Expression.symbol(symbol.text())) || !symbols.add(symbol.text())) {
                throw symbol.error("no name, or named twice");
            }
            declared.add(symbol.text());
        }
        List<MlxValue> inputs =
                root.field("inputs").items().stream().map(this::define).toList();
        List<MlxValue> constants =
                root.field("constants").items().stream().map(this::constant).toList();
        List<MlxNode> nodes =
                root.field("nodes").items().stream().map(this::node).toList();
        List<MlxGraph.Output> outputs =
                root.field("outputs").items().stream().map(this::output).toList();
        if (outputs.isEmpty()) {
            throw root.field("outputs").error("is empty");
        }
        String version = root.field("framework").field("version").text();
        return new MlxGraph(version, declared, inputs, outputs, constants, nodes, values);
    }

    private MlxGraph.Output output(Json json) {
        return new MlxGraph.Output(json.field("name").text(), known(json.field("value")));
    }

    private MlxValue constant(Json json) {
        MlxValue value = define(json);
        if (value.fixedShape().isEmpty()) {
            throw json.field("shape").error("a constant's size depends on a symbol");
        }
        return value;
    }

    private MlxNode node(Json json) {
        List<MlxValue> inputs =
                json.field("inputs").items().stream().map(this::known).toList();
        List<Argument> arguments =
                json.field("arguments").items().stream().map(this::argument).toList();
        List<MlxValue> outputs =
                json.field("outputs").items().stream().map(this::define).toList();
        if (outputs.isEmpty()) {
            throw json.field("outputs").error("is empty");
        }
        return new MlxNode(json.file(), json.path(), json.field("op").text(), inputs, outputs, arguments, origin(json));
    }

    private Origin origin(Json node) {
        return node.optional("origin")
                .map(json -> new Origin(
                        json.optional("module").map(Json::text),
                        json.optional("file").map(Json::text),
                        json.optional("line").map(line -> Math.toIntExact(Math.clamp(line.integer(), 0, 1 << 30)))))
                .orElse(Origin.UNKNOWN);
    }

    private MlxValue known(Json name) {
        MlxValue value = values.get(name.text());
        if (value == null) {
            throw name.error(ErrorCode.MISSING, "no value of this name is made before", null);
        }
        return value;
    }

    private MlxValue define(Json json) {
        String name = json.field("name").text();
        List<Json> sizes = json.field("shape").items();
        if (sizes.size() > MAX_RANK) {
            throw json.field("shape").error(ErrorCode.LIMIT, "rank " + sizes.size() + ", more than " + MAX_RANK, null);
        }
        List<Expression> shape = sizes.stream().map(this::size).toList();
        MlxValue value = new MlxValue(name, dtype(json.field("dtype")), shape);
        if (values.putIfAbsent(name, value) != null) {
            throw json.field("name").error("a value of this name was made before");
        }
        return value;
    }

    private Expression size(Json json) {
        Expression size = json.value().isTextual() ? expression(json) : Expression.of(json.integer());
        if (size.constant().orElse(0) < 0) {
            throw json.error("negative");
        }
        return size;
    }

    private Argument argument(Json json) {
        return switch (json.value().getNodeType()) {
            case BOOLEAN -> new Argument.Flag(json.flag());
            case NUMBER ->
                json.value().isIntegralNumber()
                        ? new Argument.Int(json.integer())
                        : new Argument.Real(json.value().doubleValue());
            case STRING ->
                switch (json.text()) {
                    case "inf" -> new Argument.Real(Double.POSITIVE_INFINITY);
                    case "-inf" -> new Argument.Real(Double.NEGATIVE_INFINITY);
                    case "nan" -> new Argument.Real(Double.NaN);
                    default -> new Argument.Size(expression(json));
                };
            case ARRAY ->
                new Argument.Items(json.items().stream().map(this::argument).toList());
            case OBJECT ->
                json.optional("dtype")
                        .<Argument>map(type -> new Argument.Type(dtype(type)))
                        .orElseGet(() -> new Argument.Text(json.field("string").text()));
            case BINARY, MISSING, NULL, POJO -> throw json.error("no argument");
        };
    }

    private DType dtype(Json json) {
        return DType.parse(json.text()).orElseThrow(() -> json.error(ErrorCode.UNSUPPORTED, "no known dtype", null));
    }

    private Expression expression(Json json) {
        Expression expression = parse(json);
        for (String symbol : expression.symbols()) {
            if (!symbols.contains(symbol)) {
                throw json.error("uses " + symbol + ", which is not among the symbols");
            }
        }
        return expression;
    }

    private static Expression parse(Json json) {
        try {
            return ExpressionParser.parse(json.text());
        } catch (IllegalArgumentException e) {
            throw json.error(ErrorCode.MALFORMED, String.valueOf(e.getMessage()), e);
        }
    }

    private static void expect(Json json, String wanted) {
        if (!json.text().equals(wanted)) {
            throw json.error(ErrorCode.UNSUPPORTED, "expected \"" + wanted + "\"", null);
        }
    }
}
