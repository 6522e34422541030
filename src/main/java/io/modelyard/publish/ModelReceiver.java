package io.modelyard.publish;

import io.modelyard.http.FormParts;
import io.modelyard.model.ServingFailure;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

/**
 * Writes what a caller sends to disk as the file or folder of a model: a file, a tar, a tar in gzip, or a form with any of
 * these as parts {@code model}, and a part {@code manifest}. What it is, is told by its first bytes. Safe for use by many
 * threads; it blocks.
 */
@Singleton
final class ModelReceiver {
    private static final String FORM = "multipart/form-data";
    private static final String MODEL = "model";
    private static final String MANIFEST = "manifest";
    private static final long LONGEST_MANIFEST = 4 << 20;
    private static final int BUFFER = 1 << 16;

    private final ReceiveConfiguration limits;

    ModelReceiver(ReceiveConfiguration limits) {
        this.limits = limits;
    }

    /**
     * What was received.
     *
     * @param model a file, or a folder
     */
    record Received(Path model, ManifestFields fields) {}

    /**
     * Reads the body to its end.
     *
     * @param contentType of the request; empty where it has none
     * @param fileName what the caller calls a body that is one file; null where it is told by the content
     * @param folder an empty folder
     * @throws ServingFailure that says what is wrong with the body
     */
    Received receive(InputStream body, String contentType, @Nullable String fileName, Path folder) {
        try {
            Path model = Files.createDirectory(folder.resolve("model"));
            ManifestFields fields = ManifestFields.none();
            if (contentType.toLowerCase(Locale.ROOT).startsWith(FORM)) {
                fields = form(body, contentType, model, Files.createDirectory(folder.resolve("parts")));
            } else {
                ReceivedFiles target = new ReceivedFiles(model, limits);
                unpack(body, fileName, isTar(contentType), "the body", target);
                demandFiles(target);
            }
            return new Received(withoutWrapping(model), fields);
        } catch (IOException e) {
            throw ReceivedFiles.disk(e);
        }
    }

    private ManifestFields form(InputStream body, String contentType, Path model, Path parts) throws IOException {
        ReceivedFiles target = new ReceivedFiles(model, limits);
        ManifestFields fields = null;
        for (FormParts.Part part : FormParts.read(body, contentType, parts)) {
            if (part.name().equals(MANIFEST) && fields == null) {
                fields = manifest(part.file());
            } else if (part.name().equals(MODEL)) {
                try (InputStream content = Files.newInputStream(part.file())) {
                    unpack(content, part.fileName().isEmpty() ? null : part.fileName(), false,
                            "the part '" + MODEL + "'" + (part.fileName().isEmpty() ? "" : ", " + part.fileName()),
                            target);
                }
                // A large model would otherwise be on the disk twice.
                Files.delete(part.file());
            } else {
                throw new ServingFailure.BadParameter(
                        "there is a part '" + part.name() + "' in the form: it has parts '"
                                + MODEL + "', one for each file or one tar, and at most one '" + MANIFEST + "'");
            }
        }
        demandFiles(target);
        return fields == null ? ManifestFields.none() : fields;
    }

    private static ManifestFields manifest(Path file) throws IOException {
        if (Files.size(file) > LONGEST_MANIFEST) {
            throw new ServingFailure.InvalidManifest("the manifest has more than " + LONGEST_MANIFEST + " bytes");
        }
        return ManifestFields.parse(Files.readAllBytes(file));
    }

    private static void demandFiles(ReceivedFiles target) {
        if (target.files() == 0) {
            throw new ServingFailure.InvalidModel("no model was sent: send a file, a tar of a folder, or a form with a "
                    + "part '" + MODEL + "'", null);
        }
    }

    /** What fails while it is read is what was sent: what the disk refuses comes as a failure of its own. */
    private static void unpack(InputStream body, @Nullable String fileName, boolean tar, String where,
            ReceivedFiles target) {
        try {
            BufferedInputStream content = new BufferedInputStream(body, BUFFER);
            ContentKind kind = ContentKind.of(content);
            String name = fileName;
            if (kind == ContentKind.GZIP) {
                content = new BufferedInputStream(new GZIPInputStream(content, BUFFER), BUFFER);
                kind = ContentKind.of(content);
                name = name == null ? null : name.replaceFirst("(?i)\\.gz$", "");
            }
            if (kind == ContentKind.TAR || tar) {
                TarFiles.unpack(content, target);
            } else if (kind == ContentKind.ZIP && name == null) {
                throw new ServingFailure.InvalidModel(where + " is a zip: send a folder as a tar; files of PyTorch and "
                        + "Keras are not served", null);
            } else {
                target.write(name == null ? kind.fileName() : name, where, content);
            }
        } catch (IOException e) {
            throw new ServingFailure.BadParameter(
                    where + " is not a whole gzip, or not a sound one: " + e.getMessage());
        }
    }

    private static boolean isTar(String contentType) {
        return contentType.toLowerCase(Locale.ROOT).startsWith("application/x-tar");
    }

    /** The folder in which something lies, without folders that hold nothing but a folder; a file that is alone there. */
    private static Path withoutWrapping(Path folder) throws IOException {
        List<Path> children;
        try (Stream<Path> list = Files.list(folder)) {
            children = list.limit(2).toList();
        }
        if (children.size() != 1) {
            return folder;
        }
        Path only = children.getFirst();
        return Files.isDirectory(only) ? withoutWrapping(only) : only;
    }
}
