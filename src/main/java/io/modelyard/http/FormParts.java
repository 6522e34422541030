package io.modelyard.http;

import io.modelyard.model.ServingFailure;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.multipart.DefaultHttpDataFactory;
import io.netty.handler.codec.http.multipart.FileUpload;
import io.netty.handler.codec.http.multipart.HttpData;
import io.netty.handler.codec.http.multipart.HttpPostMultipartRequestDecoder;
import io.netty.handler.codec.http.multipart.HttpPostRequestDecoder;
import io.netty.handler.codec.http.multipart.HttpPostRequestDecoder.EndOfDataDecoderException;
import io.netty.handler.codec.http.multipart.HttpPostRequestDecoder.ErrorDataDecoderException;
import io.netty.handler.codec.http.multipart.HttpPostRequestDecoder.TooLongFormFieldException;
import io.netty.handler.codec.http.multipart.HttpPostRequestDecoder.TooManyFormFieldsException;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads a body of {@code multipart/form-data}, of any length, to disk: at any time only a few kilobytes of it are in memory.
 * For one body and one thread.
 */
public final class FormParts implements AutoCloseable {
    private static final int BUFFER = 1 << 16;
    private static final int MOST_PARTS = 1000;
    private static final int MOST_HEADER_BYTES = 1 << 16;

    private final Path folder;
    private final HttpPostMultipartRequestDecoder decoder;
    private final List<Part> parts = new ArrayList<>();
    private boolean ended;

    /**
     * One part.
     *
     * @param fileName as the sender calls it; empty where it does not say
     * @param file holds the content
     */
    public record Part(String name, String fileName, Path file) {}

    private FormParts(String contentType, Path folder) {
        this.folder = folder;
        DefaultHttpDataFactory onDisk = new DefaultHttpDataFactory(true);
        onDisk.setBaseDir(folder.toString());
        // The folder is removed with all in it; a list of what to remove at the end would only grow.
        onDisk.setDeleteOnExit(false);
        HttpRequest head = new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.PUT, "/");
        head.headers().set(HttpHeaderNames.CONTENT_TYPE, contentType);
        if (!HttpPostRequestDecoder.isMultipart(head)) {
            throw notAForm("its Content-Type names no boundary");
        }
        this.decoder = new HttpPostMultipartRequestDecoder(onDisk, head, StandardCharsets.UTF_8, MOST_PARTS,
                MOST_HEADER_BYTES);
    }

    /**
     * All parts in their order. Reads the body to its end.
     *
     * @param contentType of the request, with the boundary
     * @param folder an empty folder to which the parts go
     * @throws ServingFailure.BadParameter if the body is not such a form, or is not whole
     * @throws IOException if the folder cannot be written to, or as reading the body does
     */
    public static List<Part> read(InputStream body, String contentType, Path folder) throws IOException {
        try (FormParts form = new FormParts(contentType, folder)) {
            return form.readAll(body);
        } catch (ErrorDataDecoderException e) {
            if (e.getCause() instanceof IOException disk) {
                throw disk;
            }
            throw notAForm(String.valueOf(e.getMessage()));
        } catch (TooManyFormFieldsException e) {
            throw notAForm("it has more than " + MOST_PARTS + " parts; send many files as a tar");
        } catch (TooLongFormFieldException e) {
            throw notAForm("the headers of a part are too long");
        }
    }

    private List<Part> readAll(InputStream body) throws IOException {
        byte[] buffer = new byte[BUFFER];
        for (int read = body.read(buffer); read >= 0; read = body.read(buffer)) {
            decoder.offer(new DefaultHttpContent(Unpooled.wrappedBuffer(buffer, 0, read)));
            takeWhatIsWhole();
        }
        decoder.offer(LastHttpContent.EMPTY_LAST_CONTENT);
        takeWhatIsWhole();
        if (!ended) {
            throw notAForm("it ends before its last boundary");
        }
        return parts;
    }

    private void takeWhatIsWhole() throws IOException {
        try {
            while (decoder.hasNext()) {
                take((HttpData) decoder.next());
            }
        } catch (EndOfDataDecoderException lastBoundary) {
            ended = true;
        }
    }

    private void take(HttpData data) throws IOException {
        Path file = folder.resolve("part-" + parts.size());
        if (!data.renameTo(file.toFile())) {
            throw new IOException(data.getFile() + " could not be moved to " + file);
        }
        parts.add(new Part(data.getName(), data instanceof FileUpload upload ? upload.getFilename() : "", file));
    }

    private static ServingFailure notAForm(String reason) {
        return new ServingFailure.BadParameter("the body is not multipart/form-data that can be read: " + reason);
    }

    @Override
    public void close() {
        decoder.destroy();
    }
}
