package io.modelyard.cli;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.function.Function;

/** Who works here: in a pipeline the person whom it works for, elsewhere the user of this machine. */
final class Author {
    /** As GitHub, GitLab, Jenkins, CircleCI, Buildkite and Azure Pipelines name them. */
    private static final List<String> VARIABLES = List.of("GITHUB_ACTOR", "GITLAB_USER_LOGIN", "BUILD_USER_ID",
            "CIRCLE_USERNAME", "BUILDKITE_BUILD_CREATOR", "BUILD_REQUESTEDFOR");

    private Author() {}

    static String name() {
        return name(System::getenv, System.getProperty("user.name", "unknown"));
    }

    static String name(Function<String, @Nullable String> environment, String user) {
        for (String variable : VARIABLES) {
            String name = environment.apply(variable);
            if (name != null && !name.isBlank()) {
                return name;
            }
        }
        return user;
    }
}
