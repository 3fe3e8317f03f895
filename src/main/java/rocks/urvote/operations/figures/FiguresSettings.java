package rocks.urvote.operations.figures;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

@ConfigurationProperties("urvote")
record FiguresSettings(@DefaultValue("30s") Duration figuresEvery) {}
