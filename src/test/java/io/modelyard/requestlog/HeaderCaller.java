package io.modelyard.requestlog;

import io.micronaut.context.annotation.Requires;
import io.micronaut.core.annotation.Order;
import io.micronaut.core.convert.ArgumentConversionContext;
import io.micronaut.core.order.Ordered;
import io.micronaut.core.type.Argument;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.bind.binders.TypedRequestArgumentBinder;
import io.modelyard.model.Caller;
import io.modelyard.model.Role;
import jakarta.inject.Singleton;

import java.util.Optional;
import java.util.Set;

/** A caller whose types stand in a header, for tests of one feature without the keys of another. */
@Singleton
@Requires(property = HeaderCaller.ENABLED)
@Order(Ordered.LOWEST_PRECEDENCE) // The last binder of a type is the one that is asked.
final class HeaderCaller implements TypedRequestArgumentBinder<Caller> {
    static final String ENABLED = "test.header-caller";
    static final String HEADER = "Test-Types";

    @Override
    public Argument<Caller> argumentType() {
        return Argument.of(Caller.class);
    }

    @Override
    public BindingResult<Caller> bind(ArgumentConversionContext<Caller> context, HttpRequest<?> source) {
        String types = source.getHeaders().get(HEADER, String.class).orElse("");
        Caller caller = new Caller("test", Set.of(Role.LOGS), types.isEmpty() ? Set.of() : Set.of(types.split(",")));
        return () -> Optional.of(caller);
    }
}
