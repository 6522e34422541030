package io.modelyard.trial;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/** The command line of a child: this process's Java and class path, in a hurry and out of everybody's way. */
final class ChildCommand {
    private static final Path SHELL = Path.of("/bin/sh");
    /** No core dumps, and last in the queue for processors and disks; exec keeps the process id. */
    private static final String MODESTLY = """
                                           ulimit -c 0
                                           if command -v ionice >/dev/null 2>&1; then exec nice -n 19 ionice -c 3 "$@"; fi
                                           exec nice -n 19 "$@"
                                           """;

    /** Variables that give options to every JVM. */
    static final Set<String> NOT_INHERITED = Set.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS");

    private ChildCommand() {}

    static List<String> of(ChildFolder folder) {
        List<String> command = new ArrayList<>();
        if (Files.isExecutable(SHELL)) {
            command.addAll(List.of(SHELL.toString(), "-c", MODESTLY, "trial"));
        }
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow",
                "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto",
                // A small young generation: garbage must not look like the model's memory.
                "-Xms32m", "-Xmn24m", "-Xmx" + Runtime.getRuntime().maxMemory(),
                "-XX:-CreateCoredumpOnCrash", "-XX:ErrorFile=" + folder.crash(), "-XX:-UsePerfData",
                "-Djava.io.tmpdir=" + folder.temporary(),
                // The child has nothing to log.
                "-Dslf4j.provider=org.slf4j.helpers.NOP_FallbackServiceProvider", "-Dslf4j.internal.verbosity=ERROR"));
        String libraries = System.getProperty("org.bytedeco.javacpp.cachedir");
        if (libraries != null) {
            command.add("-Dorg.bytedeco.javacpp.cachedir=" + libraries);
        }
        // A test's class path is in the archive that it was started from, and in this property.
        command.addAll(List.of("-cp", Objects.requireNonNullElseGet(System.getProperty("surefire.test.class.path"),
                () -> System.getProperty("java.class.path")), ChildMain.class.getName(), folder.path().toString()));
        return command;
    }
}
