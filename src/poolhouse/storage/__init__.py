"""All SQL, nothing but SQL: the two engines, the migrations and one file of queries per group of tables. No policy."""
