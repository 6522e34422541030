package io.modelyard.cli;

import io.modelyard.model.Model;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Makes a version the active one. */
@Command(name = "activate", sortOptions = false, description = "Makes a version the active one of its type, or with TYPE/@latest whatever is the latest. Servers load it before they let it answer.")
final class Activate extends RoutingCommand {
    @Parameters(paramLabel = "TYPE/VERSION", description = "A version, or an alias.")
    private String name = "";

    @Option(names = "--force", description = "Even if it breaks the contract of its type; needs --reason.")
    private boolean force;

    @Override
    void checkArguments() {
        VersionName.parse(name);
        String why = reason();
        if (force && (why == null || why.isBlank())) {
            throw new BadArgumentException("--force needs a --reason, which stays in the history");
        }
    }

    @Override
    ExitCode run(Workbench workbench, Console console) {
        VersionName asked = VersionName.parse(name);
        Standing standing = Standing.of(workbench.snapshot(), asked.type());
        Model model = standing.served(asked.version());
        if (!force) {
            standing.demandContract(model);
        }
        Changed changed = change(workbench, asked.type(), (changes, newest) -> asked.isLatest()
                ? changes.followLatest(newest, standing.followed())
                : changes.activate(newest, model, standing.followed()));
        console.result(sentence(changed, asked.isLatest()), document(changed));
        return ExitCode.DONE;
    }

    static String sentence(Changed changed, boolean latest) {
        String type = changed.routing().type();
        String what = latest ? type + " follows @latest" : type + "/" + changed.routing().active() + " is active";
        if (!changed.isNew()) {
            return what + " already";
        }
        String before = changed.routing().change().from();
        boolean other = before != null && !before.equals(changed.routing().active());
        return what + (other ? ", before it was " + before : "") + " (revision " + changed.routing().revision()
                + ")";
    }
}
