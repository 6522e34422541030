package io.modelyard.cli;

import io.micronaut.core.convert.ConversionService;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.TypeConversionException;

import java.time.Duration;
import java.util.concurrent.Callable;

/** The command line. Without a command it serves what the configured store holds. */
@Command(name = "modelyard", mixinStandardHelpOptions = true, versionProvider = Modelyard.Version.class, subcommands = {
        Serve.class, Push.class, Validate.class, ListVersions.class, Show.class, History.class, Activate.class,
        Rollback.class, DeleteVersion.class, Restore.class, Sync.class,
        Keys.class}, description = "Serves machine-learning models from an object-store bucket, or from a file, and keeps the bucket.", footer = {
                "", "Without a command: serve.",
                "Configuration: PORT, HOST, MODEL_PATH, MODELYARD_…, or serve -D<property>=<value>."})
public final class Modelyard implements Callable<Integer> {
    private Modelyard() {}

    /**
     * Runs one command to its end.
     *
     * @return the exit code, as {@link ExitCode} has them
     */
    public static int run(String... arguments) {
        return commandLine().execute(arguments);
    }

    static CommandLine commandLine() {
        CommandLine line = new CommandLine(new Modelyard()).setExecutionExceptionHandler(new Refusal());
        line.registerConverter(Duration.class, Modelyard::duration);
        line.getCommandSpec().usageMessage().exitCodeListHeading("%nExit codes:%n").exitCodeList(ExitCode.table());
        return line;
    }

    private static Duration duration(String text) {
        return ConversionService.SHARED.convert(text, Duration.class).filter(Duration::isPositive)
                .orElseThrow(() -> new TypeConversionException("'" + text + "' is not a duration such as 90s or 5m"));
    }

    @Override
    public Integer call() {
        return commandLine().execute("serve");
    }

    /** Says the version that the archive was built as. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = Modelyard.class.getPackage().getImplementationVersion();
            return new String[]{"modelyard " + (version == null ? "(not built as an archive)" : version),
                    "Java " + Runtime.version()};
        }
    }
}
