package io.modelyard.transform;

import com.fasterxml.jackson.databind.JsonNode;
import io.modelyard.tensor.InputDecoder;
import io.modelyard.tensor.InvalidInputException;
import io.modelyard.tensor.TensorSpec;
import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * What is done around one model: read once from its manifest, and for a request that says otherwise from both. Immutable; safe
 * for many threads.
 */
public final class Transforms {
    private static final String PRE = "/preprocessing";
    private static final String POST = "/postprocessing";

    private final InputDecoder plain;
    private final Members preMembers;
    private final Members postMembers;
    private final Preprocessing preprocessing;
    private final Postprocessing postprocessing;

    private Transforms(InputDecoder plain, Members pre, Members post, Preprocessing preprocessing,
            Postprocessing postprocessing) {
        this.plain = plain;
        this.preMembers = pre;
        this.postMembers = post;
        this.preprocessing = preprocessing;
        this.postprocessing = postprocessing;
    }

    /**
     * @param decoder of the model's signature
     * @param preprocessing of the manifest, or null
     * @param postprocessing of the manifest, or null
     * @throws InvalidInputException if they are no steps, or none that can be done to this model's inputs and outputs
     */
    public static Transforms of(InputDecoder decoder, @Nullable JsonNode preprocessing,
            @Nullable JsonNode postprocessing) {
        Members pre = Members.of(preprocessing, PRE);
        Members post = Members.of(postprocessing, POST);
        Postprocessing steps = Postprocessing.parse(post, decoder.signature());
        steps.demandFits(decoder.signature().defaultOutputs(), decoder.signature().isBatched());
        return new Transforms(decoder, pre, post, PreprocessingJson.parse(pre, decoder), steps);
    }

    /**
     * These under what a request says: a step that it names is done as it says, one that is null there is not done, all others
     * as here.
     *
     * @param outputs that the request asks for
     * @throws InvalidInputException if what comes of it are no steps for this model
     */
    public Transforms under(@Nullable JsonNode pre, @Nullable JsonNode post, List<TensorSpec> outputs) {
        if (pre == null && post == null) {
            return this;
        }
        return new Transforms(plain, preMembers, postMembers, pre == null ? preprocessing : preprocessing(pre),
                post == null ? postprocessing : postprocessing(post, outputs));
    }

    private Preprocessing preprocessing(JsonNode said) {
        return PreprocessingJson.parse(preMembers.under(new Members(said, PRE), PreprocessingJson.REPLACED), plain);
    }

    private Postprocessing postprocessing(JsonNode said, List<TensorSpec> outputs) {
        Postprocessing steps = Postprocessing
                .parse(postMembers.under(new Members(said, POST), OutputSteps.REPLACED), plain.signature());
        steps.demandFits(outputs, plain.signature().isBatched());
        return steps;
    }

    public Preprocessing preprocessing() {
        return preprocessing;
    }

    public Postprocessing postprocessing() {
        return postprocessing;
    }
}
