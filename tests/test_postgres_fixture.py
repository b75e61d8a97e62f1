from sqlalchemy import create_engine, text


def test_a_test_gets_a_real_and_empty_postgresql(postgres_url):
    engine = create_engine(postgres_url)
    with engine.connect() as connection:
        tables = connection.scalar(text("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"))
        hashed = connection.scalar(text("SELECT encode(sha256(convert_to('', 'UTF8')), 'hex')"))
    engine.dispose()
    assert (tables, hashed[:8]) == (0, "e3b0c442")
