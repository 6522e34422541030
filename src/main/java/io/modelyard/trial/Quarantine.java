package io.modelyard.trial;

import io.modelyard.model.Model;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Keeps a model that ended this server from ending it again. Every load is marked on disk before the library sees the model,
 * until its examples have run. A mark that is found at the start is of a load that did not come to its end: that digest is
 * not loaded on this replica until an operator wants it. Where the machine itself went down meanwhile, nothing is held
 * against the model. Safe for use by many threads.
 */
@Singleton
public final class Quarantine {
    private static final Logger LOG = LoggerFactory.getLogger(Quarantine.class);
    private static final Path BOOT = Path.of("/proc/sys/kernel/random/boot_id");

    private final MarkFiles files;
    private final Clock clock;
    private final String boot = boot();
    private final Set<MarkFiles.Standing> standing = ConcurrentHashMap.newKeySet();
    /** By digest. */
    private final Map<String, LoadMark> held = new ConcurrentHashMap<>();

    /** A load that is marked as long as this is open. */
    public interface Marked extends AutoCloseable {
        @Override
        void close();
    }

    Quarantine(TrialConfiguration configuration, Clock clock) {
        this.files = new MarkFiles(configuration.directory());
        this.clock = clock;
        try {
            files.quarantined().forEach(mark -> held.put(mark.digest(), mark));
            for (LoadMark mark : files.takeThoseOfTheDead()) {
                found(mark);
            }
        } catch (IOException e) {
            LOG.error("It cannot be told from {} whether a model ended this server before: {}",
                    configuration.directory(), e.toString());
        }
        held.values().forEach(mark -> LOG.error("{} is not loaded: {}", mark.model(), reason(mark)));
    }

    private void found(LoadMark mark) throws IOException {
        if (!mark.boot().equals(boot)) {
            LOG.warn("{} was being loaded when the machine went down, and may be loaded again", mark.model());
            return;
        }
        files.quarantine(mark);
        held.put(mark.digest(), mark);
    }

    /** Marks a load until what is returned is closed. A disk that refuses costs the mark, and not the load. */
    public Marked mark(Model model) {
        LoadMark mark = new LoadMark(model.digest(), model.id().toString(), clock.instant(),
                ProcessHandle.current().pid(), boot);
        try {
            MarkFiles.Standing set = files.set(mark);
            standing.add(set);
            return () -> remove(set);
        } catch (IOException e) {
            LOG.warn("The load of {} cannot be marked; if it ends this process, the next one will not know why: {}",
                    model.id(), e.toString());
            return () -> {};
        }
    }

    /** Why the model is not loaded; empty where it may be. */
    public Optional<String> reason(Model model) {
        return Optional.ofNullable(held.get(model.digest())).map(Quarantine::reason);
    }

    /** Lets the model be loaded again. Whether it was not. */
    public boolean release(Model model) {
        LoadMark mark = held.remove(model.digest());
        if (mark == null) {
            return false;
        }
        try {
            files.release(mark.digest());
        } catch (IOException e) {
            LOG.warn("{} may be loaded until the next start only: {}", mark.model(), e.toString());
        }
        LOG.warn("{} may be loaded again because an operator wants it", mark.model());
        return true;
    }

    /** How many models are held. */
    public int size() {
        return held.size();
    }

    /** All that are held. */
    Collection<LoadMark> held() {
        return held.values();
    }

    static String reason(LoadMark mark) {
        return "it ended this server while it was being loaded at " + mark.since() + " (process " + mark.pid()
                + "), so this replica does not load it by itself; POST /models/" + mark.model()
                + "/load tries it again";
    }

    private void remove(MarkFiles.Standing mark) {
        try {
            if (standing.remove(mark)) {
                mark.close();
            }
        } catch (IOException e) {
            LOG.error("{} cannot be removed; the model will not be loaded at the next start: {}", mark.file(),
                    e.toString());
        }
    }

    /** An orderly end is no fault of what is being loaded. */
    @PreDestroy
    void close() {
        Set.copyOf(standing).forEach(this::remove);
    }

    private static String boot() {
        try {
            return Files.readString(BOOT).strip();
        } catch (IOException notLinux) {
            return "";
        }
    }
}
