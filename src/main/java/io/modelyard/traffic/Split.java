package io.modelyard.traffic;

import io.modelyard.model.Experiment;
import io.modelyard.model.Experiment.Arm;
import io.modelyard.model.Model;
import io.modelyard.model.Routing;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Gives a request to an arm of an experiment. Pure: the same view, readiness and draw give the same arm, on every replica and
 * after every restart.
 */
public final class Split {
    private static final double STEPS = 0x1p53;

    private Split() {}

    /** An arm of an experiment and the version behind it. */
    public record Chosen(Experiment experiment, Arm arm, Model model) {
        public Experiment.Assignment assignment() {
            return new Experiment.Assignment(experiment.id(), arm.name());
        }
    }

    /**
     * The arm that gets the request, of those that can answer now: an arm that is not ready gets nothing, and the others
     * share what is its, in proportion to their weights.
     *
     * @return empty where no experiment runs or none of its arms is ready
     */
    public static Optional<Chosen> choose(TypeView view, Readiness readiness, Draw draw) {
        Optional<Experiment> running = view.routing().flatMap(Routing::runningExperiment);
        if (running.isEmpty()) {
            return Optional.empty();
        }
        Experiment experiment = running.get();
        List<Chosen> ready = ready(view, experiment, readiness);
        if (ready.isEmpty()) {
            return Optional.empty();
        }
        Optional<String> value = Optional.ofNullable(experiment.hashOn()).flatMap(draw::value);
        return Optional.of(value.isPresent()
                ? rendezvous(experiment.salt(), value.get(), ready)
                : drawn(draw.random(), ready));
    }

    /** The arms that take part with versions that can be served, whether they are ready or not. */
    public static List<Chosen> arms(TypeView view, Experiment experiment) {
        List<Chosen> arms = new ArrayList<>(experiment.arms().size());
        for (Arm arm : experiment.arms()) {
            view.version(arm.version()).filter(model -> !view.isRetired(model))
                    .ifPresent(model -> arms.add(new Chosen(experiment, arm, model)));
        }
        return arms;
    }

    private static List<Chosen> ready(TypeView view, Experiment experiment, Readiness readiness) {
        return arms(view, experiment).stream()
                .filter(chosen -> chosen.arm().weight() > 0 && readiness.isReady(chosen.model())).toList();
    }

    private static Chosen drawn(double random, List<Chosen> ready) {
        double left = random * ready.stream().mapToDouble(chosen -> chosen.arm().weight()).sum();
        for (Chosen chosen : ready) {
            left -= chosen.arm().weight();
            if (left < 0) {
                return chosen;
            }
        }
        return ready.getLast();
    }

    /**
     * Weighted rendezvous hashing (Thaler and Ravishankar 1998; the weights after Schindelhauer and Schomaker 2005): every arm
     * draws a number of its own for the value, and the smallest of −ln(u)/weight wins. An arm that comes, goes or changes its
     * weight moves only those values that it wins or loses.
     */
    private static Chosen rendezvous(String salt, String value, List<Chosen> ready) {
        Chosen best = ready.getFirst();
        double least = Double.POSITIVE_INFINITY;
        for (Chosen chosen : ready) {
            double score = -Math.log(uniform(salt, chosen.arm().name(), value)) / chosen.arm().weight();
            if (score < least) {
                least = score;
                best = chosen;
            }
        }
        return best;
    }

    /** Between 0 and 1, neither included: the first 53 bits of the SHA-256 of salt, arm and value with zero bytes between. */
    static double uniform(String salt, String arm, String value) {
        try {
            MessageDigest sha = MessageDigest.getInstance("SHA-256");
            sha.update(salt.getBytes(StandardCharsets.UTF_8));
            sha.update((byte) 0);
            sha.update(arm.getBytes(StandardCharsets.UTF_8));
            sha.update((byte) 0);
            long bits = ByteBuffer.wrap(sha.digest(value.getBytes(StandardCharsets.UTF_8))).getLong() >>> 11;
            return (bits + 0.5) / STEPS;
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has SHA-256", impossible);
        }
    }
}
