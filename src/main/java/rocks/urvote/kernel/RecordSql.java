package rocks.urvote.kernel;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import org.jspecify.annotations.Nullable;
import org.springframework.core.convert.ConversionService;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Where a statement is asked for records, they are read by [RecordRows].
record RecordSql(JdbcClient db, ConversionService conversions) implements JdbcClient {

    @Override
    public StatementSpec sql(String sql) {
        return (StatementSpec) Proxy.newProxyInstance(
                RecordSql.class.getClassLoader(),
                new Class<?>[] {StatementSpec.class},
                new Statement(db.sql(sql), conversions));
    }

    private record Statement(StatementSpec spec, ConversionService conversions) implements InvocationHandler {

        @Override
        public @Nullable Object invoke(Object proxy, Method method, @Nullable Object @Nullable [] arguments)
                throws Throwable {
            if (arguments != null
                    && arguments.length == 1
                    && arguments[0] instanceof Class<?> kind
                    && kind.isRecord()) {
                return spec.query(RecordRows.of(kind, conversions));
            }
            try {
                var result = method.invoke(spec, arguments);
                return result instanceof StatementSpec ? proxy : result;
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        }
    }
}
