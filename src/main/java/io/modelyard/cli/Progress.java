package io.modelyard.cli;

import io.modelyard.publish.UploadProgress;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Shows how far an upload has come: on a terminal as a bar that is drawn over itself, elsewhere as a line for each tenth, or
 * when five seconds went by. Safe for use by many threads.
 */
final class Progress implements UploadProgress {
    private static final long BETWEEN_LINES = Duration.ofSeconds(5).toNanos();
    private static final long BETWEEN_BARS = Duration.ofMillis(100).toNanos();
    private static final int WIDTH = 30;

    private final Console console;
    private final boolean bar;
    private final LongSupplier nanoTime;

    private long total;
    private long thereBefore;
    private long done;
    /** Of files that are not there as a whole yet. */
    private long sent;
    private boolean ended;
    private long start;
    private long lastShown;
    private long lastTenth;

    /** @param bar whether it is drawn over itself */
    Progress(Console console, boolean bar, LongSupplier nanoTime) {
        this.console = console;
        this.bar = bar;
        this.nanoTime = nanoTime;
    }

    /** @param workbench tells of parts of large files */
    static UploadProgress on(Console console, Workbench workbench) {
        if (!console.isWatched()) {
            return UploadProgress.NONE;
        }
        Progress progress = new Progress(console, isTerminal(), System::nanoTime);
        workbench.onSent(progress::sent);
        return progress;
    }

    /** Terminals that record what they show, as those of pipelines do, set CI. */
    private static boolean isTerminal() {
        return System.getenv("CI") == null
                && Optional.ofNullable(System.console()).filter(console -> console.isTerminal()).isPresent();
    }

    @Override
    public synchronized void begins(int files, long bytes, long thereBytes) {
        total = bytes;
        thereBefore = thereBytes;
        done = thereBytes;
        start = nanoTime.getAsLong();
        lastShown = start;
        lastTenth = tenth();
        console.note("uploading " + Console.files(files) + ", " + Console.size(bytes)
                + (thereBytes == 0 ? "" : "; " + Console.size(thereBytes) + " are there from a push that broke off"));
    }

    /** Bytes of a part of some file went out. */
    synchronized void sent(long bytes) {
        if (total > 0 && !ended) {
            sent += bytes;
            show();
        }
    }

    @Override
    public synchronized void stored(long bytes) {
        done += bytes;
        sent = Math.max(0, sent - bytes);
        show();
    }

    @Override
    public synchronized void ends() {
        ended = true;
        if (bar) {
            console.note("");
        }
    }

    private void show() {
        long now = nanoTime.getAsLong();
        if (bar && (done >= total || now - lastShown >= BETWEEN_BARS)) {
            long filled = total == 0 ? WIDTH : WIDTH * there() / total;
            console.err().print("\r[" + "#".repeat((int) filled) + " ".repeat((int) (WIDTH - filled)) + "] "
                    + state(now) + "   ");
            console.err().flush();
            lastShown = now;
        } else if (!bar && (tenth() > lastTenth || now - lastShown >= BETWEEN_LINES)) {
            console.note(state(now));
            lastShown = now;
            lastTenth = tenth();
        }
    }

    private long there() {
        return Math.min(total, done + sent);
    }

    private String state(long now) {
        double seconds = (now - start) / 1e9;
        String rate = seconds < 0.1 ? "" : ", " + Console.size((long) ((there() - thereBefore) / seconds)) + "/s";
        return String.format(Locale.ROOT, "%3d %% (%s of %s%s)", total == 0 ? 100 : 100 * there() / total,
                Console.size(there()), Console.size(total), rate);
    }

    private long tenth() {
        return total == 0 ? 10 : 10 * there() / total;
    }
}
