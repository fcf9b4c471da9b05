package dev.outbound.sample.store;

import java.util.List;

import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.service.annotation.GetExchange;
import org.springframework.web.service.annotation.HttpExchange;

/**
 * What {@code reviews} answers, as an interface. The group of that name puts it on the
 * client.
 */
@HttpExchange("/reviews")
interface ReviewsApi {

    @GetExchange("/{product}")
    List<Review> of(@PathVariable String product);

}
