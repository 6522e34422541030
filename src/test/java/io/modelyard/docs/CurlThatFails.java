package io.modelyard.docs;

import io.modelyard.Shell;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** A curl for which an answer of 400 and above is a failure, so that no command of a page is refused unseen. */
final class CurlThatFails {
    private CurlThatFails() {}

    /** Puts it below that folder; the result belongs in front of the path. */
    static Path in(Path scratch) throws IOException {
        Shell.Outcome found = Shell.run(Map.of(), "bash", "-c", "command -v curl");
        if (found.exit() != 0) {
            throw new IllegalStateException("curl is needed, and is not there");
        }
        String curl = found.text().strip();
        Path folder = Files.createDirectories(scratch.resolve("bin"));
        Shell.program(folder.resolve("curl"), """
                                              #!/bin/sh
                                              case " $* " in
                                                *" --fail"* | *" -f"* | *" -sf"*) exec %1$s "$@" ;;
                                              esac
                                              exec %1$s --fail-with-body "$@"
                                              """.formatted(curl));
        return folder;
    }
}
