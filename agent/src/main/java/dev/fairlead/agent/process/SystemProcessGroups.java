package dev.fairlead.agent.process;

import dev.fairlead.agent.machine.Bytes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** Process groups of Linux, read from {@code /proc}, and of macOS, read from {@code ps}. */
public final class SystemProcessGroups implements ProcessGroups {
    private static final long COMMAND_SECONDS = 10;
    private static final Path PROC = Path.of("/proc");

    private final Bytes page;

    public SystemProcessGroups() {
        this.page = Files.exists(PROC.resolve("self/stat"))
                ? new Bytes(
                        Long.parseLong(output(List.of("getconf", "PAGESIZE")).strip()))
                : Bytes.ZERO;
    }

    /** One process of the table. */
    record Member(long pid, long group, Bytes resident, boolean zombie) {}

    @Override
    public void signal(long group, Signal signal) {
        if (group <= 1) {
            throw new IllegalArgumentException("group: want more than 1, got " + group);
        }
        // The shell's own kill: a slim image may lack the program.
        output(List.of("sh", "-c", "kill -s \"$1\" -- \"-$2\"", "sh", signal.name(), Long.toString(group)));
    }

    @Override
    public Bytes resident(long group) {
        return new Bytes(table().stream()
                .filter(member -> member.group() == group)
                .mapToLong(member -> member.resident().value())
                .sum());
    }

    @Override
    public Set<Long> members(long group) {
        return table().stream()
                .filter(member -> member.group() == group && !member.zombie())
                .map(Member::pid)
                .collect(Collectors.toSet());
    }

    private List<Member> table() {
        return page.equals(Bytes.ZERO) ? parsePs(output(List.of("ps", "-axo", "pid=,pgid=,rss=,state="))) : proc();
    }

    private List<Member> proc() {
        List<Member> members = new ArrayList<>();
        try (var folders = Files.newDirectoryStream(PROC, "[0-9]*")) {
            for (Path folder : folders) {
                try {
                    members.add(parseStat(Files.readString(folder.resolve("stat")), page));
                } catch (IOException e) {
                    // The process ended between the listing and the look.
                }
            }
        } catch (IOException e) {
            return List.of();
        }
        return members;
    }

    /** proc(5): the name is in parentheses and may hold any character; field 5 is the group, 24 the resident pages. */
    static Member parseStat(String stat, Bytes page) {
        int open = stat.indexOf('(');
        String[] after = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        return new Member(
                Long.parseLong(stat.substring(0, open).strip()),
                Long.parseLong(after[2]),
                new Bytes(Math.multiplyExact(Long.parseLong(after[21]), page.value())),
                after[0].equals("Z"));
    }

    /** Columns of {@code ps -o pid=,pgid=,rss=,state=}; rss is in KiB. */
    static List<Member> parsePs(String text) {
        return text.lines()
                .map(line -> line.strip().split("\\s+"))
                .filter(columns -> columns.length >= 4)
                .map(columns -> new Member(
                        Long.parseLong(columns[0]),
                        Long.parseLong(columns[1]),
                        new Bytes(Math.multiplyExact(Long.parseLong(columns[2]), 1024L)),
                        columns[3].startsWith("Z")))
                .toList();
    }

    private static String output(List<String> command) {
        try {
            var process = new ProcessBuilder(command).redirectErrorStream(true).start();
            process.getOutputStream().close();
            String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(COMMAND_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
            return text;
        } catch (IOException e) {
            return "";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "";
        }
    }
}
