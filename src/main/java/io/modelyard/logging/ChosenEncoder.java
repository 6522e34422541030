package io.modelyard.logging;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.encoder.EncoderBase;
import org.jspecify.annotations.Nullable;

import java.util.Locale;

/**
 * Writes lines in one of two forms. Which one may be told later than the first lines: {@code logback.xml} knows the environment alone,
 * and not the server's configuration. Safe for use by many threads once it is started.
 */
public final class ChosenEncoder extends EncoderBase<ILoggingEvent> {
    private @Nullable Encoder<ILoggingEvent> text;
    private @Nullable Encoder<ILoggingEvent> json;
    private volatile LogFormat format = LogFormat.TEXT;

    /** Called by Logback, as the following are. */
    public void setText(Encoder<ILoggingEvent> encoder) {
        text = encoder;
    }

    public void setJson(Encoder<ILoggingEvent> encoder) {
        json = encoder;
    }

    /** @param word what is no format means text: the server refuses it when it has read its configuration */
    public void setFormat(String word) {
        format = word.toUpperCase(Locale.ROOT).equals(LogFormat.JSON.name()) ? LogFormat.JSON : LogFormat.TEXT;
    }

    /** From the next line on. */
    void choose(LogFormat chosen) {
        format = chosen;
    }

    @Override
    public byte[] headerBytes() {
        return new byte[0];
    }

    @Override
    public byte[] encode(ILoggingEvent event) {
        Encoder<ILoggingEvent> chosen = format == LogFormat.JSON ? json : text;
        if (chosen == null) {
            throw new IllegalStateException("logback.xml gives no encoder for " + format);
        }
        return chosen.encode(event);
    }

    @Override
    public byte[] footerBytes() {
        return new byte[0];
    }
}
