package dev.fairlead.control.promotion;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.fairlead.control.artifact.Digest;

/** Reads what a comparing job left in result.json. Whatever cannot be read is an error, and an error never passes. */
final class Verdicts {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int LONGEST_SENTENCE = 2000;

    private Verdicts() {}

    static Judgement read(Digest report, String resultJson) {
        try {
            JsonNode result = JSON.readTree(resultJson);
            String verdict = result.path("verdict").asText();
            String sentence = result.path("sentence").asText();
            return switch (verdict) {
                case "PASSED" -> judged(report, Judgement.Verdict.PASSED, sentence);
                case "FAILED" -> judged(report, Judgement.Verdict.FAILED, sentence);
                case "INCONCLUSIVE" -> judged(report, Judgement.Verdict.INCONCLUSIVE, sentence);
                case "ERROR" -> judged(report, Judgement.Verdict.ERROR, sentence);
                case String other -> error(report, "result.json: verdict is '" + cut(other, 100) + "'");
            };
        } catch (JsonProcessingException e) {
            return error(report, "result.json: is not JSON");
        }
    }

    private static Judgement judged(Digest report, Judgement.Verdict verdict, String sentence) {
        return new Judgement(
                report,
                verdict,
                sentence.isBlank() ? "the comparison said " + verdict : cut(sentence, LONGEST_SENTENCE));
    }

    private static Judgement error(Digest report, String sentence) {
        return new Judgement(report, Judgement.Verdict.ERROR, sentence);
    }

    private static String cut(String text, int longest) {
        return text.length() <= longest ? text : text.substring(0, longest) + "…";
    }
}
