package io.modelyard.serving;

import io.modelyard.model.Manifest;
import io.modelyard.model.Model;
import io.modelyard.model.Routing;
import io.modelyard.tensor.Signature;
import io.modelyard.traffic.Readiness;
import io.modelyard.traffic.Router;
import io.modelyard.traffic.TypeView;
import jakarta.inject.Singleton;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Remembers what loads have taught and what the {@link Router} concluded from it: every request asks, and a type that
 * follows {@code @latest} may have thousands of versions. Safe for use by many threads.
 */
@Singleton
final class Contracts {
    /** By digest, of models whose manifests leave their signature to the model; kept when the model is unloaded. */
    private final ConcurrentHashMap<String, Signature> learned = new ConcurrentHashMap<>();
    /** By the digests of two models, whether the second keeps the contract of the first. */
    private final ConcurrentHashMap<Pair, Boolean> kept = new ConcurrentHashMap<>();
    /** By type. */
    private final ConcurrentHashMap<String, Followed> followed = new ConcurrentHashMap<>();

    private record Pair(String contract, String model) {}

    /** @param lessons how much was learned when it was concluded */
    private record Followed(List<Model> versions, Optional<Routing> routing, int lessons, List<Model> conclusion) {
        @SuppressWarnings("ReferenceEquality") // Snapshots share the list as long as it says the same.
        boolean isOf(TypeView view, int lessonsNow) {
            return versions == view.versions() && routing.equals(view.routing()) && lessons == lessonsNow;
        }
    }

    /** Notes the signature where the manifest leaves it to the model. */
    void learn(Model model, Signature signature) {
        Manifest manifest = model.manifest();
        if (manifest.inputs().isEmpty() || manifest.outputs().isEmpty()) {
            learned.put(model.digest(), signature);
        }
    }

    Optional<Signature> learned(Model model) {
        return Optional.ofNullable(learned.get(model.digest()));
    }

    boolean keeps(Model contract, Model model, Readiness readiness) {
        Pair pair = new Pair(contract.digest(), model.digest());
        Boolean known = kept.get(pair);
        if (known != null) {
            return known;
        }
        boolean keeps = Router.keeps(contract, model, readiness);
        if (Router.signature(contract, readiness).isPresent() && Router.signature(model, readiness).isPresent()) {
            kept.put(pair, keeps);
        }
        return keeps;
    }

    List<Model> followed(TypeView view, Readiness readiness) {
        // Before the conclusion: what is learned while it is drawn makes it one of yesterday.
        int lessons = learned.size();
        Followed known = followed.get(view.type());
        if (known != null && known.isOf(view, lessons)) {
            return known.conclusion();
        }
        List<Model> conclusion = Router.followed(view, readiness);
        followed.put(view.type(), new Followed(view.versions(), view.routing(), lessons, conclusion));
        return conclusion;
    }
}
