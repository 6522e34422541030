package io.modelyard.access;

import io.micronaut.context.annotation.Requires;
import io.micronaut.core.annotation.Nullable;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Post;
import io.micronaut.security.annotation.Secured;
import io.micronaut.security.rules.SecurityRule;
import io.micronaut.serde.annotation.Serdeable;
import io.modelyard.model.Caller;
import io.modelyard.model.Role;

import java.util.List;

/** One route for each kind of rule. */
@Requires(property = "spec.name", value = "secured")
@Controller
class SecuredController {
    @Serdeable
    record Seen(String keyId, List<String> roles, List<String> types, boolean onEventLoop) {
        static Seen of(Caller caller) {
            return new Seen(caller.keyId(), caller.roles().stream().map(Role::jsonName).sorted().toList(),
                    caller.types().stream().sorted().toList(),
                    Thread.currentThread().getName().contains("nioEventLoop")
                            || Thread.currentThread() instanceof io.netty.util.concurrent.FastThreadLocalThread);
        }
    }

    @Get("/whoami")
    @Secured("predict")
    Seen whoami(Caller caller) {
        return Seen.of(caller);
    }

    @Post("/logs-or-read")
    @Secured({"logs", "read"})
    Seen either(Caller caller) {
        return Seen.of(caller);
    }

    @Get("/anyone")
    @Secured(SecurityRule.IS_ANONYMOUS)
    String anyone(@Nullable Caller caller) {
        return caller == null ? "nobody" : caller.keyId();
    }
}
