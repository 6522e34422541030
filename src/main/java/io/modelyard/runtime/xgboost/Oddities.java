package io.modelyard.runtime.xgboost;

import io.modelyard.runtime.xgboost.ModelDocument.Body;
import io.modelyard.runtime.xgboost.ModelDocument.Booster;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** What an operator should know of a sound model, because its answers may not be the ones that were expected. */
final class Oddities {
    /** Releases whose files were compared with their own answers, and the one that answers here. */
    private static final List<String> TRIED = List.of("1.7", "3.4");

    private Oddities() {}

    static List<String> of(ModelDocument model, int rounds) {
        List<String> found = new ArrayList<>();
        version(model.version()).ifPresent(found::add);
        earlyStop(model, rounds).ifPresent(found::add);
        List<String> names = model.featureNames();
        if (names.stream().distinct().count() < names.size()) {
            found.add("the model names two of its features alike, so its rows cannot be given by feature name");
        }
        if (hasCategories(model.booster())) {
            found.add("the model splits on categories: such a feature takes the number of the category, counted from 0"
                    + " in the order of the training data");
        }
        return found;
    }

    private static Optional<String> version(int[] version) {
        if (version.length < 2) {
            return Optional.of("the file does not say which version of XGBoost wrote it; files of "
                    + String.join(" and ", TRIED) + " were tried");
        }
        if (TRIED.contains(version[0] + "." + version[1])) {
            return Optional.empty();
        }
        return Optional.of("the file was written by XGBoost "
                + String.join(".", Arrays.stream(version).mapToObj(Integer::toString).toList()) + ", and files of "
                + String.join(" and ", TRIED) + " were tried: compare a few answers before you rely on it");
    }

    private static Optional<String> earlyStop(ModelDocument model, int rounds) {
        String best = model.attributes().get("best_iteration");
        if (best == null || !best.matches("\\d{1,9}") || Integer.parseInt(best) + 1 >= rounds) {
            return Optional.empty();
        }
        return Optional.of("training stopped early: best_iteration is " + best + ", and all " + rounds
                + " rounds are used, as by Booster.predict; the scikit-learn interface would use "
                + (Integer.parseInt(best) + 1) + ". Save booster[:best_iteration + 1] to serve that");
    }

    private static boolean hasCategories(@Nullable Booster booster) {
        if (booster == null) {
            return false;
        }
        Body body = booster.body();
        return hasCategories(booster.gbtree()) || (body != null && body.trees().stream()
                .anyMatch(tree -> tree.integers().getOrDefault("categories_nodes", new int[0]).length > 0));
    }
}
