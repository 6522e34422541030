package io.modelyard.cli;

import io.micronaut.context.ApplicationContext;
import io.micronaut.context.BeanContext;
import io.micronaut.context.BeanResolutionContext;
import io.micronaut.context.event.ApplicationEventListener;
import io.micronaut.inject.BeanConfiguration;
import io.micronaut.inject.BeanDefinitionReference;
import io.modelyard.registry.Registry;
import io.modelyard.registry.RegistrySnapshot;
import io.modelyard.store.StoreObserver;
import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;

/**
 * The part of the application that a command works with: the store, the registry, publishing. There is no web server, no
 * request log and nothing that runs by itself, and beans are made when they are asked for, so that a command begins at once.
 */
final class Workbench implements AutoCloseable {
    private static final List<String> ROOMS = List.of(".registry", ".publish", ".trial", ".access", ".background");
    private static final List<String> WITH_SUB_ROOMS = List.of(".store", ".runtime");
    private static final String OURS = "io.modelyard.";

    private final ApplicationContext context;
    private final Wire wire;

    /** Hears what the store is asked, which of a large file is every part. */
    private static final class Wire implements StoreObserver {
        private volatile LongConsumer sent = bytes -> {};

        @Override
        public void observed(Request request) {
            if (request.outcome() == Outcome.OK && request.bytesOut() > 0) {
                sent.accept(request.bytesOut());
            }
        }
    }

    private Workbench(ApplicationContext context, Wire wire) {
        this.context = context;
        this.wire = wire;
    }

    /** @param properties the strongest part of the configuration */
    static Workbench open(Map<String, Object> properties) {
        Wire wire = new Wire();
        return new Workbench(ApplicationContext.builder().banner(false).deduceEnvironment(false).properties(properties)
                .beanConfigurations(new ServersOnly()).singletons(wire).start(), wire);
    }

    /** Tells how many bytes went to the store, request by request. */
    void onSent(LongConsumer sent) {
        wire.sent = sent;
    }

    <T> T bean(Class<T> type) {
        return context.getBean(type);
    }

    /** What the registry holds now. Reads the store. */
    RegistrySnapshot snapshot() {
        Registry registry = bean(Registry.class);
        registry.sync();
        return registry.current();
    }

    /** The key for servers; never an argument, which every user of the machine could read. */
    @Nullable
    String apiKey() {
        return context.getProperty("modelyard.api-key", String.class).map(String::strip)
                .filter(key -> !key.isEmpty()).orElse(null);
    }

    @Override
    public void close() {
        context.close();
    }

    /** The beans that no command needs, none of which is there. */
    private static final class ServersOnly implements BeanConfiguration {
        @Override
        public Package getPackage() {
            return Workbench.class.getPackage();
        }

        @Override
        public String getName() {
            return "servers only";
        }

        @Override
        public @Nullable String getVersion() {
            return null;
        }

        @Override
        public boolean isEnabled(BeanContext context, @Nullable BeanResolutionContext resolution) {
            return false;
        }

        @Override
        public boolean isWithin(BeanDefinitionReference reference) {
            // What listens works by itself: it polls, it keeps indexes of keys.
            return isWithin(reference.getBeanDefinitionName())
                    || ApplicationEventListener.class.isAssignableFrom(reference.getBeanType());
        }

        @Override
        public boolean isWithin(Class type) {
            return isWithin(type.getName());
        }

        @Override
        public boolean isWithin(String name) {
            if (!name.startsWith(OURS)) {
                return !name.startsWith("io.micronaut.context.")
                        && !name.startsWith("io.micronaut.runtime.converters.");
            }
            // The root has the wiring.
            String room = name.substring(OURS.length() - 1, name.lastIndexOf('.'));
            return !room.isEmpty() && ROOMS.stream().noneMatch(room::equals)
                    && WITH_SUB_ROOMS.stream().noneMatch(room::startsWith);
        }
    }
}
