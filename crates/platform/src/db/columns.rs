use super::{Cell, Query};

impl Query {
    /// Binds the cells of one row. Returns the columns and their values for an `INSERT INTO table`: `(a, b) VALUES ($1, $2)`.
    pub fn values<'a>(&mut self, cells: impl IntoIterator<Item = (&'a str, Cell)>) -> String {
        let bound = cells.into_iter().map(|(name, cell)| (name, self.bind(cell)));
        let (names, values): (Vec<&str>, Vec<String>) = bound.unzip();
        format!("({}) VALUES ({})", names.join(", "), values.join(", "))
    }

    /// Binds cells. Returns their assignments for an `UPDATE table SET`: `a = $1, b = $2`.
    pub fn assignments<'a>(&mut self, cells: impl IntoIterator<Item = (&'a str, Cell)>) -> String {
        let set = cells.into_iter();
        let set = set.map(|(name, cell)| format!("{name} = {}", self.bind(cell)));
        set.collect::<Vec<_>>().join(", ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::Engine;

    fn cells() -> [(&'static str, Cell); 2] {
        [("title", "Low tide".into()), ("capacity", 160_i64.into())]
    }

    #[test]
    fn cells_become_the_values_of_a_row() {
        let mut query = Query::new(Engine::Sqlite);
        let values = query.values(cells());
        assert_eq!(values, "(title, capacity) VALUES ($1, $2)");
        let statement = query.statement(values);
        let bound = statement.values.expect("values").0;
        assert_eq!(bound, ["Low tide".into(), 160_i64.into()]);
    }

    #[test]
    fn cells_become_assignments_after_the_values_bound_before() {
        let mut query = Query::new(Engine::Postgres);
        assert_eq!(query.bind(true), "$1");
        assert_eq!(query.assignments(cells()), "title = $2, capacity = $3");
    }
}
