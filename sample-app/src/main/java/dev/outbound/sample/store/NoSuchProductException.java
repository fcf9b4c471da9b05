package dev.outbound.sample.store;

import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.ResponseStatus;

/**
 * The catalog answered that it has no such product.
 */
@ResponseStatus(HttpStatus.NOT_FOUND)
public class NoSuchProductException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    NoSuchProductException(String id) {
        super("There is no product '" + id + "'");
    }

}
