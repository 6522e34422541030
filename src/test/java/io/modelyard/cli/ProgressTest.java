package io.modelyard.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** What people see of an upload. */
final class ProgressTest {
    private final StringWriter err = new StringWriter();
    private final AtomicLong time = new AtomicLong();
    private final Console console = new Console(new PrintWriter(new StringWriter()), new PrintWriter(err), false,
            false);

    @Test
    void writesALineForEachTenthAndEveryFiveSeconds() {
        Progress progress = new Progress(console, false, time::get);
        progress.begins(2, 1_000_000, 0);
        at(1);
        progress.sent(50_000);
        assertThat(err.toString()).isEqualTo("uploading 2 files, 1.0 MB\n");
        at(5);
        progress.sent(10_000);
        at(6);
        progress.sent(440_000);
        progress.stored(500_000);
        progress.stored(500_000);
        progress.ends();
        progress.sent(1000);
        assertThat(err.toString()).isEqualTo("""
                                             uploading 2 files, 1.0 MB
                                               6 % (60.0 kB of 1.0 MB, 12.0 kB/s)
                                              50 % (500.0 kB of 1.0 MB, 83.3 kB/s)
                                             100 % (1.0 MB of 1.0 MB, 166.7 kB/s)
                                             """);
    }

    @Test
    void drawsABarOverItself() {
        Progress progress = new Progress(console, true, time::get);
        progress.begins(1, 100, 50);
        at(1);
        progress.stored(50);
        progress.ends();
        assertThat(err.toString())
                .isEqualTo("uploading 1 file, 100 bytes; 50 bytes are there from a push that broke off\n\r["
                        + "#".repeat(30) + "] 100 % (100 bytes of 100 bytes, 50 bytes/s)   \n");
    }

    @Test
    void showsNothingThatWasNotAskedFor() {
        Console quiet = new Console(new PrintWriter(new StringWriter()), new PrintWriter(err), false, true);
        Progress progress = new Progress(quiet, false, time::get);
        progress.begins(1, 10, 0);
        progress.stored(10);
        progress.ends();
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void namesSizesInPowersOfAThousand() {
        assertThat(Console.size(0)).isEqualTo("0 bytes");
        assertThat(Console.size(999)).isEqualTo("999 bytes");
        assertThat(Console.size(1000)).isEqualTo("1.0 kB");
        assertThat(Console.size(999_949)).isEqualTo("999.9 kB");
        assertThat(Console.size(999_960)).isEqualTo("1.0 MB");
        assertThat(Console.size(5_000_000_000_000_000L)).isEqualTo("5000.0 TB");
    }

    private void at(int seconds) {
        time.set(TimeUnit.SECONDS.toNanos(seconds));
    }
}
