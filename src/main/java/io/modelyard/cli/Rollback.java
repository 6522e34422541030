package io.modelyard.cli;

import io.modelyard.model.Model;
import io.modelyard.model.ServingFailure;
import io.modelyard.registry.RoutingChanges;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Makes the version active that was so before. */
@Command(name = "rollback", sortOptions = false, description = "Makes the version active again that was so before.")
final class Rollback extends RoutingCommand {
    @Parameters(paramLabel = "TYPE", description = "The type.")
    private String type = "";

    @Override
    ExitCode run(Workbench workbench, Console console) {
        Standing standing = Standing.of(workbench.snapshot(), type);
        String previous = RoutingChanges.previous(standing.view().routing()).orElseThrow(
                () -> ServingFailure.Conflict.versionInUse("'" + type + "' has no version that was active before; "
                        + "modelyard activate " + type + "/<version> chooses one"));
        Model model = standing.served(previous);
        Changed changed = change(workbench, type,
                (changes, newest) -> changes.rollback(newest, model, standing.followed()));
        console.result(Activate.sentence(changed, false), document(changed));
        return ExitCode.DONE;
    }
}
