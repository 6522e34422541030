package io.modelyard.access;

import io.micronaut.core.convert.ArgumentConversionContext;
import io.micronaut.core.type.Argument;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.bind.binders.TypedRequestArgumentBinder;
import io.modelyard.model.Caller;
import jakarta.inject.Singleton;

import java.util.Optional;

/** Gives controllers the {@link Caller} that they declare as a parameter; on a public path there may be none. */
@Singleton
final class CallerBinder implements TypedRequestArgumentBinder<Caller> {
    private static final Argument<Caller> TYPE = Argument.of(Caller.class);

    @Override
    public BindingResult<Caller> bind(ArgumentConversionContext<Caller> context, HttpRequest<?> request) {
        Optional<Caller> caller = request.getUserPrincipal(Holder.class).map(Holder::caller);
        return () -> caller;
    }

    @Override
    public Argument<Caller> argumentType() {
        return TYPE;
    }
}
