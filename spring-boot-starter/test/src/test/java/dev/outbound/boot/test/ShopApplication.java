package dev.outbound.boot.test;

import org.springframework.boot.autoconfigure.SpringBootApplication;

/** The application that the slice's tests are about. */
@SpringBootApplication
class ShopApplication {

}
