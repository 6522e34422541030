package io.modelyard.experiment;

import io.micronaut.scheduling.annotation.Scheduled;
import io.modelyard.model.Experiment;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What became of the requests of experiments, on all replicas that share the request log's database. Counts are written once a
 * second; while the database is away they are kept. A process that is killed loses those of its last second. Thread-safe.
 */
@Singleton
class Figures {
    private static final Logger LOG = LoggerFactory.getLogger(Figures.class);

    private final Tally tally;
    private final FigureTable table;
    private boolean isFailing;

    Figures(Tally tally, FigureTable table) {
        this.tally = tally;
        this.table = table;
    }

    /**
     * By the name of the arm, of the version that it has now; those without any request are left out.
     *
     * @return empty while the database cannot be read
     */
    Optional<Map<String, ArmFigures>> of(Experiment experiment) {
        write();
        try {
            Map<String, String> versions = experiment.arms().stream()
                    .collect(Collectors.toMap(Experiment.Arm::name, Experiment.Arm::version));
            return Optional.of(table.of(experiment.id()).stream()
                    .filter(count -> count.key().version().equals(versions.get(count.key().arm())))
                    .collect(Collectors.groupingBy(count -> count.key().arm(),
                            Collectors.collectingAndThen(Collectors.toList(), ArmFigures::of))));
        } catch (SQLException | IOException e) {
            LOG.warn("the figures of experiments cannot be read: {}", e.getMessage());
            return Optional.empty();
        }
    }

    @Scheduled(fixedDelay = "1s")
    @PreDestroy
    synchronized void write() {
        List<Tally.Count> counts = tally.take();
        if (counts.isEmpty()) {
            return;
        }
        try {
            table.add(counts);
            isFailing = false;
        } catch (SQLException | IOException e) {
            counts.forEach(tally::add);
            if (!isFailing) {
                LOG.warn("the figures of experiments cannot be written and are kept until they can: {}",
                        e.getMessage());
            }
            isFailing = true;
        }
    }
}
