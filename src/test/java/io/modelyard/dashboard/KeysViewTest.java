package io.modelyard.dashboard;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static io.modelyard.dashboard.TryViewTest.named;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import io.modelyard.TestServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Keys, from the page. */
@Timeout(180)
final class KeysViewTest {
    @TempDir
    static Path scratch;
    private static Browser browser;
    private static TestServer server;

    @BeforeAll
    static void start() throws IOException {
        browser = Browser.start();
        Path file = Files.writeString(scratch.resolve("keys.json"), "{\"keys\": [{\"id\": \"vault\", \"hash\": \""
                + "0".repeat(64) + "\", \"roles\": [\"predict\"]}]}");
        server = TestServer.prepare().with("modelyard.access.keys-file", file.toString()).start();
    }

    @AfterAll
    static void stop() {
        if (browser != null) {
            server.close();
            browser.close();
        }
    }

    @Test
    void aKeyIsMadeShownOnceRotatedAndRevoked() {
        try (Tab tab = browser.tab(server)) {
            Page page = tab.show("/keys");
            page.getByRole(AriaRole.BUTTON, named("New key")).click();
            Locator form = page.getByRole(AriaRole.DIALOG);
            form.getByLabel("Name").fill("web shop");
            form.locator("input[name=predict]").uncheck();
            form.locator("input[name=read]").check();
            form.getByLabel("Requests a second").fill("many");
            Locator make = form.getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName("Make the key"));
            assertThat(form.getByRole(AriaRole.ALERT)).hasText("must be a number above 0");
            assertThat(make).isDisabled();
            form.getByLabel("Requests a second").fill("50");
            make.click();
            Locator secret = page.locator(".secret code");
            String first = secret.textContent();
            assertThat(server.as(first).get("/models").status()).isEqualTo(200);
            page.getByRole(AriaRole.BUTTON, named("I have it")).click();
            assertThat(page.getByText(first)).hasCount(0);

            Locator row = page.locator("tr", new Page.LocatorOptions().setHasText("web shop"));
            assertThat(row).containsText("50 requests/s");
            String id = row.locator("code").textContent();
            page.getByRole(AriaRole.BUTTON, named("Rotate " + id)).click();
            form.getByLabel("Hours that the old one stays valid").fill("1");
            form.getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName("Rotate")).click();
            String second = secret.textContent();
            assertThat(second).isNotEqualTo(first);
            assertThat(List.of(server.as(first).get("/models").status(), server.as(second).get("/models").status()))
                    .containsOnly(200);
            page.getByRole(AriaRole.BUTTON, named("I have it")).click();
            assertThat(row).containsText("two secrets");

            page.getByRole(AriaRole.BUTTON, named("Revoke " + id)).click();
            Locator revoke = form.getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName("Revoke"));
            assertThat(revoke).isDisabled();
            form.getByLabel("to confirm").fill(id);
            form.getByLabel("Reason").fill("it leaked");
            revoke.click();
            assertThat(row).hasCount(0);
            assertThat(server.as(second).get("/models").status()).isEqualTo(401);
            page.getByRole(AriaRole.BUTTON, named("Show 1 revoked")).click();
            assertThat(row).containsText("revoked");

            Locator changes = page.getByRole(AriaRole.REGION, named("Changes"));
            assertThat(changes.locator("tbody tr").first()).containsText("it leaked");
            page.getByRole(AriaRole.BUTTON, named("Changes of " + id)).click();
            assertThat(changes.locator("tbody tr")).hasCount(3);
        }
    }

    @Test
    void aKeyOfTheFileIsMarkedAndNotChangedHere() {
        try (Tab tab = browser.tab(server)) {
            Page page = tab.show("/keys");
            Locator row = page.locator("tr", new Page.LocatorOptions().setHasText("vault"));
            assertThat(row).containsText("from a file");
            assertThat(page.getByRole(AriaRole.BUTTON, named("Revoke vault"))).hasCount(0);
            assertThat(page.getByRole(AriaRole.BUTTON, named("Rotate vault"))).hasCount(0);
        }
    }

    @Test
    void aDialogKeepsTheFocusAndClosesOnEscape() {
        try (Tab tab = browser.tab(server)) {
            Page page = tab.show("/keys");
            page.getByRole(AriaRole.BUTTON, named("New key")).focus();
            page.keyboard().press("Enter");
            for (int i = 0; i < 30; i++) {
                page.keyboard().press("Tab");
                assertThat((Boolean) page.evaluate(
                        "document.activeElement === document.body || !!document.activeElement.closest('dialog')"))
                        .isTrue();
            }
            page.keyboard().press("Escape");
            assertThat(page.getByRole(AriaRole.DIALOG)).hasCount(0);
            assertThat(page.getByRole(AriaRole.BUTTON, named("New key"))).isFocused();
        }
    }
}
