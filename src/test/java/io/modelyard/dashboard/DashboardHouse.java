package io.modelyard.dashboard;

import io.modelyard.SampleModels;
import io.modelyard.TestServer;

import java.nio.file.Path;
import java.util.List;

/** A server over a copy of the sample models, and a browser to look at it. */
final class DashboardHouse implements AutoCloseable {
    private final TestServer server;
    private final Browser browser;

    /** @param store an empty folder */
    DashboardHouse(Path store) {
        this.browser = Browser.start();
        this.server = TestServer.prepare().store(SampleModels.copyTo(store))
                .with("modelyard.requestlog.durability", "sync")
                .start();
    }

    TestServer server() {
        return server;
    }

    Browser browser() {
        return browser;
    }

    /** A tab of the admin. */
    Tab open() {
        return browser.tab(server);
    }

    /** A tab of whoever has this key. */
    Tab open(String key) {
        return browser.tab(server, key, Browser.Look.LIGHT_WIDE);
    }

    /** A key with these roles. */
    String key(String name, List<String> roles) {
        String list = String.join("\", \"", roles);
        return server.post("/api-keys", "{\"name\": \"" + name + "\", \"roles\": [\"" + list + "\"]}").json().get("key")
                .asText();
    }

    /** A prediction with the first example of the sample model, and its id. */
    String predict(String path) {
        return server.post("/predict/" + path, "{\"inputs\": " + EXAMPLE + "}").json().get("prediction_id").asText();
    }

    /** A row of breast-cancer that is benign. */
    static final String EXAMPLE = """
                                  [[13.54,14.36,87.46,566.3,0.09779,0.08129,0.06664,0.04781,0.1885,0.05766,0.2699,0.7886,2.058,23.56,0.008462,
                                   0.0146,0.02387,0.01315,0.0198,0.0023,15.11,19.26,99.7,711.2,0.144,0.1773,0.239,0.1288,0.2977,0.07259]]""";

    @Override
    public void close() {
        server.close();
        browser.close();
    }
}
