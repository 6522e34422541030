package io.modelyard.predictioncache;

import io.modelyard.tensor.InputRows;
import io.modelyard.tensor.Tensor;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;

/**
 * Makes the keys of one model's computations. A key is the hash of
 * <ol>
 * <li>the version of this layout,
 * <li>the model's digest, which stands for its manifest and its files, so also for the order and the names of its inputs,
 * <li>what computes: the runtime, its library's version and the kind of processor, since others give other last bits,
 * <li>the outputs that are wanted, in their order,
 * <li>how many rows there are, and dtype, shape and every bit of each input, as the model gets them.
 * </ol>
 * Pre-processing was done before, so its effect is in the inputs; post-processing comes after, to what is kept. The text of a
 * request is nowhere in it: 1 and 1.0 are one input where the model takes floats.
 *
 * <p>Callers choose inputs, so the hash must be one for which nobody can make two inputs of one key: with a quick hash that is not
 * cryptographic, a caller could plant an answer under somebody else's question. SHA-256 has instructions of its own on current
 * processors, and all 256 bits are kept.
 *
 * <p>Safe for use by many threads.
 */
final class CacheKeys {
    /** Raised whenever the same computation is given another key, or the same key might mean another one. */
    static final byte LAYOUT = 1;

    /** With all that is the same for every key; copied for each. */
    private final MessageDigest begun;

    /**
     * @param digest of the model
     * @param evaluator what computes, {@code xgboost xgboost4j 3.4.0 amd64} for example
     */
    CacheKeys(String digest, String evaluator) {
        begun = sha256();
        BitWriter writer = BitWriter.into(begun);
        writer.write(LAYOUT);
        writer.write(digest);
        writer.write(evaluator);
        writer.flush();
    }

    CacheKey of(List<String> outputs, InputRows rows) {
        MessageDigest hash = copyOfBegun();
        BitWriter writer = BitWriter.into(hash);
        writer.write(outputs.size());
        for (String output : outputs) {
            writer.write(output);
        }
        writer.write(rows.rows());
        writer.write(rows.tensors().size());
        for (Tensor tensor : rows.tensors()) {
            writer.write(tensor);
        }
        writer.flush();
        return CacheKey.of(hash.digest());
    }

    private MessageDigest copyOfBegun() {
        try {
            return (MessageDigest) begun.clone();
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("the JDK's SHA-256 can be copied", e);
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
