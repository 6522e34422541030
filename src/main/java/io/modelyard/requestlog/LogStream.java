package io.modelyard.requestlog;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.function.Function;

/**
 * The rows of a query as the bytes of an answer, read from the log page by page as the caller takes them: neither the
 * answer nor a transaction of the database is held for as long as a slow caller needs. Not thread-safe.
 */
final class LogStream extends InputStream {
    /** Rows that are read at once. */
    private static final int PAGE_ROWS = 200;

    private final Function<LogQuery, LogPage> log;
    private final Format format;
    private LogQuery query;
    private long left;
    private boolean begun;
    private boolean ended;
    private byte[] chunk;
    private int position;

    /** How rows are put together. */
    enum Format {
        /** One object with {@code logs} and {@code next_cursor}. */
        JSON,
        /** A row in each line. */
        LINES
    }

    /**
     * Reads the first page, so that a log that cannot be read fails before the answer begins.
     *
     * @param query where to begin; its limit is not used
     * @param rows the most rows of the whole answer
     */
    LogStream(Function<LogQuery, LogPage> log, LogQuery query, long rows, Format format) {
        this.log = log;
        this.query = query;
        this.left = rows;
        this.format = format;
        this.chunk = nextChunk();
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, target.length);
        if (length == 0) {
            return 0;
        }
        while (position == chunk.length) {
            if (ended) {
                return -1;
            }
            try {
                chunk = nextChunk();
            } catch (RequestLogException e) {
                throw new IOException(e);
            }
            position = 0;
        }
        int count = Math.min(length, chunk.length - position);
        System.arraycopy(chunk, position, target, offset, count);
        position += count;
        return count;
    }

    @Override
    public int available() {
        return chunk.length - position;
    }

    @Override
    public void close() {
        ended = true;
        position = chunk.length;
    }

    private byte[] nextChunk() {
        query = query.after(query.after(), (int) Math.min(left, PAGE_ROWS));
        LogPage page = log.apply(query);
        left -= page.rows().size();
        ended = page.next() == null || left == 0;
        query = query.after(page.next(), query.limit());
        try {
            return encode(page);
        } catch (IOException e) {
            throw new RequestLogException("A row of the request log cannot be written as JSON", true, e);
        }
    }

    private byte[] encode(LogPage page) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        if (format == Format.JSON && !begun) {
            write("{\"logs\":[", bytes);
        }
        for (LoggedPrediction row : page.rows()) {
            if (format == Format.JSON && begun) {
                write(",", bytes);
            }
            begun = true;
            LogJson.write(row, bytes);
            if (format == Format.LINES) {
                write("\n", bytes);
            }
        }
        begun = true;
        if (format == Format.JSON && ended) {
            // A cursor has no character that JSON would escape.
            write("],\"next_cursor\":" + quoted(page.next()) + "}", bytes);
        }
        return bytes.toByteArray();
    }

    private static String quoted(@Nullable LogCursor cursor) {
        return cursor == null ? "null" : "\"" + cursor.encoded() + "\"";
    }

    private static void write(String text, ByteArrayOutputStream bytes) {
        bytes.writeBytes(text.getBytes(StandardCharsets.UTF_8));
    }
}
