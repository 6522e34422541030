package io.modelyard.cli;

import io.micronaut.context.ApplicationContext;
import io.micronaut.context.env.PropertySource;
import io.micronaut.runtime.server.EmbeddedServer;
import io.modelyard.http.GracefulStop;
import io.modelyard.logging.ServerLog;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** The application in this process: first its beans, then its web server, until the process is told to end. */
final class Server {
    private static final Logger LOG = LoggerFactory.getLogger(Server.class);

    private final ApplicationContext context;
    private final CountDownLatch ended = new CountDownLatch(1);

    private Server(ApplicationContext context) {
        this.context = context;
    }

    /**
     * Reads the configuration, and nothing else yet.
     *
     * @param properties its strongest part
     */
    static Server configured(Map<String, Object> properties) {
        ApplicationContext context = ApplicationContext.builder().properties(properties).build();
        context.getEnvironment().start();
        ServerLog.configure(name -> context.getEnvironment().getProperty(name, String.class));
        return new Server(context);
    }

    /**
     * Makes the beans; nobody can connect yet. When the process ends, all is closed in the order of a shutdown: first
     * the application, then the folder.
     *
     * @param properties what is stronger than all that was configured
     */
    void prepare(Map<String, Object> properties, ProcessFolder folder) {
        context.getEnvironment().addPropertySource(PropertySource.of("process", properties));
        Duration grace = context.getEnvironment().getRequiredProperty("modelyard.shutdown.grace", Duration.class);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> end(folder, grace), "shutdown"));
        context.start();
    }

    <T> T bean(Class<T> type) {
        return context.getBean(type);
    }

    String property(String name) {
        return context.getEnvironment().getRequiredProperty(name, String.class);
    }

    /** Opens the server's port and returns where it is. */
    String open() {
        EmbeddedServer server = context.getBean(EmbeddedServer.class).start();
        Duration sinceStart = Duration.between(ProcessHandle.current().info().startInstant().orElseThrow(),
                Instant.now());
        LOG.info("Modelyard serves at {} ({} ms after the process began)", server.getURL(), sinceStart.toMillis());
        return server.getURL().toString();
    }

    /** Returns when the process is told to end. */
    void await() throws InterruptedException {
        ended.await();
    }

    private void end(ProcessFolder folder, Duration grace) {
        Thread.ofPlatform().daemon().name("shutdown-limit").start(() -> haltAfter(grace));
        try {
            if (context.isRunning()) {
                context.findBean(GracefulStop.class).ifPresent(GracefulStop::stop);
            }
            context.close();
        } finally {
            folder.close();
            ended.countDown();
        }
    }

    /** The process waits for its shutdown hooks for ever; whoever told it to end does not. */
    private void haltAfter(Duration grace) {
        try {
            if (!ended.await(grace.toNanos(), TimeUnit.NANOSECONDS)) {
                LOG.error("The server has not stopped within {} ms (modelyard.shutdown.grace), and is ended as it is",
                        grace.toMillis());
                Runtime.getRuntime().halt(1);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
