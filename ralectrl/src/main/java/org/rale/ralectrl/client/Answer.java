package org.rale.ralectrl.client;

import org.rale.request.Response;

/**
 * What a server replied.
 *
 * @param json the reply as it came, without the end of the line
 */
public record Answer(Response response, String json) {}
