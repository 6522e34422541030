package io.modelyard.traffic;

import io.modelyard.model.Model;
import io.modelyard.model.ModelId;
import io.modelyard.model.Routing;
import io.modelyard.model.ServingFailure;
import io.modelyard.model.StepContract;
import io.modelyard.tensor.Signature;
import io.modelyard.tensor.SignatureContract;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Chooses the version that answers. Pure: the same view and readiness give the same answer. */
public final class Router {
    public static final String LATEST = "@latest";
    /** What a request asks for that names no version. */
    public static final String ACTIVE = "";

    private Router() {}

    /**
     * The version that answers a request.
     *
     * @param asked a version, an alias with its @, or null for the active version
     * @throws ServingFailure.NotFound if there is no such version or alias
     * @throws ServingFailure.VersionDeleted if the version was deleted
     */
    public static Model choose(TypeView view, @Nullable String asked, Readiness readiness) {
        if (view.versions().isEmpty()) {
            throw ServingFailure.NotFound.type(view.type());
        }
        if (asked == null) {
            return active(view, readiness);
        }
        if (asked.equals(LATEST)) {
            return latest(view, readiness);
        }
        if (asked.startsWith("@")) {
            String alias = asked.substring(1);
            String version = view.routing().map(routing -> routing.aliases().get(alias))
                    .orElseThrow(() -> ServingFailure.NotFound.alias(view.type(), alias));
            Model named = published(view, version);
            return readiness.isReady(named) || wasLetGo(view, asked, named, readiness)
                    ? named
                    : standIn(view, asked, readiness).orElse(named);
        }
        return published(view, asked);
    }

    /** The version that should answer requests that name none, whether it is ready or not; empty where there is none. */
    public static Optional<Model> desired(TypeView view, Readiness readiness) {
        Optional<String> active = view.routing().flatMap(Routing::activeVersion);
        return active.isPresent()
                ? active.flatMap(view::version).filter(model -> !view.isRetired(model))
                : latestFollowed(view, readiness);
    }

    /**
     * The desired version, or, as long as that one is not ready, the one that answered before it if that still is: the old
     * one serves until the new one can.
     */
    private static Model active(TypeView view, Readiness readiness) {
        Model desired = desired(view, readiness).orElseThrow(() -> nothingToServe(view));
        if (readiness.isReady(desired)) {
            return desired;
        }
        if (wasLetGo(view, ACTIVE, desired, readiness)) {
            return desired;
        }
        boolean isNamed = view.routing().flatMap(Routing::activeVersion).isPresent();
        Optional<Model> here = standIn(view, ACTIVE, readiness)
                .filter(model -> isNamed || readiness.followed(view).contains(model));
        if (here.isPresent()) {
            return here.get();
        }
        Optional<Model> before = isNamed
                ? view.routing().map(Routing::previous).flatMap(view::version)
                        .filter(model -> !view.isRetired(model))
                : readiness.followed(view).stream().filter(readiness::isReady).findFirst();
        return before.filter(readiness::isReady).orElse(desired);
    }

    /** Whether it answered here already and only left memory: then it is loaded again, and no other answers in its place. */
    private static boolean wasLetGo(TypeView view, String asked, Model model, Readiness readiness) {
        return !readiness.hasFailed(model)
                && readiness.standIn(view.type(), asked).filter(model::equals).isPresent();
    }

    private static Optional<Model> standIn(TypeView view, String asked, Readiness readiness) {
        return readiness.standIn(view.type(), asked)
                .filter(model -> readiness.isReady(model) && !view.isRetired(model)
                        && view.version(model.id().version()).filter(model::equals).isPresent());
    }

    private static Model latest(TypeView view, Readiness readiness) {
        return latestFollowed(view, readiness).orElseThrow(() -> nothingToServe(view));
    }

    /** One that cannot be loaded here is passed over while there is another. */
    private static Optional<Model> latestFollowed(TypeView view, Readiness readiness) {
        List<Model> followed = readiness.followed(view);
        return followed.stream().filter(model -> !readiness.hasFailed(model)).findFirst()
                .or(() -> followed.stream().findFirst());
    }

    /**
     * The versions that {@code @latest} may mean, the latest first. A type is a contract: beginning with the oldest version,
     * one that breaks the contract of the one followed so far is left out until it is activated by name.
     */
    public static List<Model> followed(TypeView view, Readiness readiness) {
        Optional<Model> active = view.routing().flatMap(Routing::activeVersion).flatMap(view::version);
        List<Model> followed = new ArrayList<>();
        @Nullable
        Model contract = active.orElse(null);
        for (Model model : view.versions().reversed()) {
            if (!view.isRetired(model)
                    && (contract == null || model.equals(contract) || readiness.keeps(contract, model))) {
                followed.add(model);
                contract = active.orElse(model);
            }
        }
        return followed.reversed();
    }

    /** What neither a manifest nor a load has told yet breaks no contract; it is judged again when it is loaded. */
    public static boolean keeps(Model contract, Model model, Readiness readiness) {
        return differences(contract, model, readiness).isEmpty();
    }

    /** In what the model breaks the contract, as far as manifests and loads have told. */
    public static List<String> differences(Model contract, Model model, Readiness readiness) {
        List<String> differences = new ArrayList<>();
        Optional<Signature> old = signature(contract, readiness);
        Optional<Signature> now = signature(model, readiness);
        if (old.isPresent() && now.isPresent()) {
            differences.addAll(SignatureContract.differences(old.get(), now.get()));
        }
        differences.addAll(StepContract.differences(contract.manifest(), model.manifest()));
        return differences;
    }

    /** What the manifest declares, or else a load has found; without whether missing values are known. */
    public static Optional<Signature> signature(Model model, Readiness readiness) {
        boolean declared = !model.manifest().inputs().isEmpty() && !model.manifest().outputs().isEmpty();
        // Only a load tells whether missing values are known: here nobody is held to it.
        return declared
                ? Optional.of(new Signature(model.manifest().inputs(), model.manifest().outputs(), false))
                : readiness.learned(model).map(found -> new Signature(found.inputs(), found.outputs(), false));
    }

    private static Model published(TypeView view, String version) {
        Model model = view.version(version)
                .orElseThrow(() -> ServingFailure.NotFound.version(view.type(), version));
        view.routing().flatMap(routing -> routing.retirement(version)).ifPresent(retirement -> {
            throw new ServingFailure.VersionDeleted(new ModelId(view.type(), version), retirement);
        });
        return model;
    }

    /** What should answer was deleted, if it was not taken out of the store by hand. */
    private static ServingFailure nothingToServe(TypeView view) {
        String version = view.routing().flatMap(Routing::activeVersion)
                .orElseGet(() -> view.versions().getFirst().id().version());
        published(view, version);
        return ServingFailure.NotFound.version(view.type(), version);
    }
}
