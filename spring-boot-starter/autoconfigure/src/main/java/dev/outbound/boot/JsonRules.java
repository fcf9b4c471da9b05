package dev.outbound.boot;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.beans.factory.ObjectProvider;

/**
 * A response must not choose which classes are made of it. The mapper is that of the
 * application, which may have its reasons to write types: it is only told where every
 * class would be made.
 */
record JsonRules(ObjectProvider<JsonMapper> mappers) {

    void check(Problems problems) {
        JsonMapper mapper = this.mappers.getIfUnique();
        if (mapper != null && makesAnything(mapper)) {
            problems.warn("outbound.clients",
                    "The JsonMapper of the application has default typing for all classes, so that a response "
                            + "chooses which of them are made of it.",
                    "Give `activateDefaultTyping` a PolymorphicTypeValidator that names your own packages.");
        }
    }

    private static boolean makesAnything(JsonMapper mapper) {
        boolean typed = mapper.deserializationConfig().getDefaultTyper(mapper.constructType(Object.class)) != null;
        String name = Anything.class.getName();
        return typed && (makes(mapper, "[\"" + name + "\",{}]") || makes(mapper, "{\"@class\":\"" + name + "\"}"));
    }

    private static boolean makes(JsonMapper mapper, String json) {
        try {
            return mapper.readValue(json, Object.class) instanceof Anything;
        }
        catch (JacksonException ex) {
            // A validator is in the way, as it should be
            return false;
        }
    }

    /** What nobody allows by its name. */
    static final class Anything {

    }

}
