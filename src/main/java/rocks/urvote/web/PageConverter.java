package rocks.urvote.web;

import gg.jte.TemplateEngine;
import gg.jte.output.Utf8ByteOutput;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpInputMessage;
import org.springframework.http.HttpOutputMessage;
import org.springframework.http.MediaType;
import org.springframework.http.converter.AbstractHttpMessageConverter;
import org.springframework.stereotype.Component;

/// Writes a [Page] as HTML.
@Component
final class PageConverter extends AbstractHttpMessageConverter<Page> {

    private final TemplateEngine templates;
    private final Shells shells;

    PageConverter(TemplateEngine templates, Shells shells) {
        super(new MediaType(MediaType.TEXT_HTML, StandardCharsets.UTF_8));
        this.templates = templates;
        this.shells = shells;
    }

    @Override
    protected boolean supports(Class<?> type) {
        return Page.class.isAssignableFrom(type);
    }

    @Override
    public boolean canRead(Class<?> type, @Nullable MediaType mediaType) {
        return false;
    }

    @Override
    protected Page readInternal(Class<? extends Page> type, HttpInputMessage message) {
        throw new UnsupportedOperationException("Pages are only ever written");
    }

    @Override
    protected void writeInternal(Page page, HttpOutputMessage message) throws IOException {
        var html = new Utf8ByteOutput();
        templates.render(page.template(), Map.of("page", page, "shell", shells.current()), html);
        message.getHeaders().setContentLength(html.getContentLength());
        html.writeTo(message.getBody());
    }
}
