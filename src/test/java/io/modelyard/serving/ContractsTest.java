package io.modelyard.serving;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelyard.model.Manifest;
import io.modelyard.model.Model;
import io.modelyard.tensor.DataType;
import io.modelyard.tensor.Shape;
import io.modelyard.tensor.Signature;
import io.modelyard.tensor.TensorSpec;
import io.modelyard.traffic.Readiness;
import io.modelyard.traffic.TypeView;
import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What is remembered is what would be concluded anew. */
final class ContractsTest {
    private final Contracts contracts = new Contracts();
    private final Readiness readiness = new Readiness() {
        @Override
        public boolean isReady(Model model) {
            return false;
        }

        @Override
        public boolean hasFailed(Model model) {
            return false;
        }

        @Override
        public Optional<Signature> learned(Model model) {
            return contracts.learned(model);
        }

        @Override
        public boolean keeps(Model contract, Model model) {
            return contracts.keeps(contract, model, this);
        }
    };
    private final Model first = model("1");
    private final Model second = model("2");
    private final TypeView view = new TypeView("t", List.of(second, first), Optional.empty());

    @Test
    void whatLoadsTeachChangesWhatIsFollowed() {
        assertThat(contracts.followed(view, readiness)).containsExactly(second, first);

        contracts.learn(first, signature(4));
        assertThat(contracts.followed(view, readiness)).containsExactly(second, first);
        contracts.learn(second, signature(5));
        assertThat(contracts.followed(view, readiness)).containsExactly(first);
        assertThat(contracts.followed(view, readiness)).containsExactly(first);
    }

    @Test
    void anotherVersionOrRoutingIsAnotherView() {
        contracts.learn(first, signature(4));
        contracts.learn(second, signature(4));
        assertThat(contracts.followed(view, readiness)).containsExactly(second, first);

        Model third = model("3");
        TypeView more = new TypeView("t", List.of(third, second, first), Optional.empty());
        assertThat(contracts.followed(more, readiness)).containsExactly(third, second, first);
        contracts.learn(third, signature(9));
        assertThat(contracts.followed(more, readiness)).containsExactly(second, first);
        assertThat(contracts.followed(view, readiness)).containsExactly(second, first);
    }

    @Test
    void aDeclaredSignatureIsNotLearned() {
        Model declared = new Model(manifest("4", signature(4)), "digest-4");
        contracts.learn(declared, signature(5));

        assertThat(contracts.learned(declared)).isEmpty();
    }

    private static Signature signature(int width) {
        return new Signature(List.of(TensorSpec.of("x", DataType.FLOAT32, Shape.of(-1, width))),
                List.of(TensorSpec.of("y", DataType.FLOAT32, Shape.of(-1, 1))), false);
    }

    private static Model model(String version) {
        return new Model(manifest(version, new Signature(List.of(), List.of(), false)), "digest-" + version);
    }

    private static Manifest manifest(String version, Signature signature) {
        return new Manifest(1, "t", version, "xgboost", null, List.of(), signature.inputs(), signature.outputs(),
                List.of(), null, null, true, Map.of(), null, null, null, null, Instant.EPOCH, null, Map.of());
    }
}
