package io.modelyard.model;

/**
 * One published version: its manifest and the digest that names exactly this manifest and these files.
 *
 * @param digest SHA-256 of the manifest document as stored, in lower-case hex. The document holds the digests of all
 *        files, so it stands for them too
 */
public record Model(Manifest manifest, String digest) {
    public ModelId id() {
        return manifest.id();
    }
}
