use std::process::ExitCode;

use serde_json::{Value, json};

use crate::{
    command::{Program, Run, say},
    crypto::SealedColumn,
    db::{DescribedColumn, described_columns},
    module::{Modules, Personal, Table},
};

/// Print the documentation of the database's tables
#[derive(Clone, Debug, clap::Parser)]
#[command(
    name = "schema",
    after_help = "Examples:\n  guildhall schema\n  guildhall schema hackathons applications\n  guildhall schema --json\n\nFor each table: what it has a row for, how long rows are kept, what erasing a person does to them, and its columns. Nothing is changed. Exit codes: 0 success, 1 unknown table or no installation, 2 wrong usage."
)]
pub(super) struct Schema {
    /// Only these tables [default: all]
    #[arg(value_name = "TABLE")]
    tables: Vec<String>,
    /// Print the result as one JSON object
    #[arg(long)]
    json: bool,
}

impl Run for Schema {
    async fn run(self, program: &dyn Program) -> anyhow::Result<ExitCode> {
        let context = program.look().await?;
        let columns = described_columns(&context.db).await;
        context.db.close().await;
        let all = described(program.modules(), &columns?);
        if let Some(unknown) = self.tables.iter().find(|name| !all.iter().any(|it| it.is(name))) {
            anyhow::bail!("there is no table '{unknown}': `guildhall schema` prints all of them");
        }
        let is_chosen =
            |it: &&Described| self.tables.is_empty() || self.tables.iter().any(|name| it.is(name));
        let chosen = all.iter().filter(is_chosen);
        if self.json {
            let tables: Vec<Value> = chosen.map(Described::object).collect();
            say(json!({ "tables": tables }));
        } else {
            chosen.for_each(|it| say(it.text()));
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// A table with the module that owns it, and what each column holds.
struct Described {
    module: &'static str,
    table: Table,
    columns: Vec<(DescribedColumn, String)>,
}

/// Joins what modules declare of their tables with the columns of the database, in the order of the modules.
fn described(modules: Modules, columns: &[DescribedColumn]) -> Vec<Described> {
    let sealed = modules.sealed();
    let tables = modules
        .iter()
        .flat_map(|module| module.tables.iter().map(move |table| (module.name, *table)));
    let described = tables.map(|(module, table)| {
        let own: Vec<&DescribedColumn> =
            columns.iter().filter(|it| it.table_name == table.name).collect();
        let is_queue = own.iter().any(|column| column.column_name == "due_at");
        let holds = |column: &&DescribedColumn| {
            ((*column).clone(), holds(&table, column, &sealed, is_queue))
        };
        Described { module, table, columns: own.iter().map(holds).collect() }
    });
    described.collect()
}

/// Returns what a column holds: by what its module declares, else by the rules for names, else its name in words.
fn holds(
    table: &Table,
    column: &DescribedColumn,
    sealed: &[SealedColumn],
    is_queue: bool,
) -> String {
    let name = column.column_name.as_str();
    let is_it = |it: &&SealedColumn| it.table == table.name && it.column == name;
    if let Some(own) = sealed.iter().find(is_it) {
        return format!("{}, encrypted", own.holds);
    }
    if let Some(own) = table.codes.iter().find(|code| code.name == name) {
        return format!("a code of {}", (own.kind)());
    }
    if let Some(target) = &column.target {
        return format!("the ID of a row of {target}");
    }
    if let Some(text) = name.strip_suffix("_folded") {
        return format!("{text} without case and accents, for searches");
    }
    let of_queue = match name {
        "due_at" => "when the work is next due; empty when nothing is left to do",
        "claimed_by" => "the ID of the worker that does it",
        "attempts" => "the number of attempts",
        "completed_at" => "when it succeeded",
        "dead_at" => "when it failed for good",
        "last_error" => "the error of the last attempt",
        "outcome" => "the result",
        _ => "",
    };
    match name {
        "id" => "the ID of the row".to_owned(),
        "created_at" => "when the row was added".to_owned(),
        "updated_at" => "when the row was last changed".to_owned(),
        _ if is_queue && !of_queue.is_empty() => of_queue.to_owned(),
        _ => name.replace('_', " "),
    }
}

impl Described {
    fn is(&self, name: &str) -> bool {
        self.table.name == name
    }

    fn text(&self) -> String {
        let Self { module, table, columns } = self;
        let erasing = match table.personal {
            Personal::Erased => "removes the person's data",
            Personal::Pseudonymous => "leaves a pseudonym",
            Personal::None => "changes nothing",
        };
        let mut lines = vec![
            format!("{} ({module})", table.name),
            format!("  Grows with {}. Kept {}.", table.grows_with, table.retention),
            format!("  Erasing a person {erasing}."),
        ];
        lines.extend(columns.iter().map(|(column, holds)| {
            let optional = if column.is_optional == 1 { ", optional" } else { "" };
            let kind = format!("{}{optional}", column.kind);
            format!("    {:28} {kind:18} {holds}", column.column_name)
        }));
        lines.join("\n") + "\n"
    }

    fn object(&self) -> Value {
        let Self { module, table, columns } = self;
        let column = |(column, holds): &(DescribedColumn, String)| {
            json!({
                "name": column.column_name, "type": column.kind, "is_optional": column.is_optional == 1,
                "refers_to": column.target, "holds": holds,
            })
        };
        let columns: Vec<Value> = columns.iter().map(column).collect();
        json!({
            "name": table.name, "module": module, "grows_with": table.grows_with,
            "retention": table.retention, "erasure": match table.personal {
                Personal::Erased => "erased",
                Personal::Pseudonymous => "pseudonymous",
                Personal::None => "none",
            },
            "columns": columns,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_says_what_it_holds() {
        let table = Table::new("lamps", "lamps", Personal::None, "forever");
        let holds = |name: &str, target: Option<&str>, is_queue| {
            let column = DescribedColumn {
                table_name: "lamps".to_owned(),
                column_name: name.to_owned(),
                kind: "text".to_owned(),
                is_optional: 0,
                target: target.map(str::to_owned),
            };
            holds(&table, &column, &[], is_queue)
        };
        assert_eq!(holds("id", None, false), "the ID of the row");
        assert_eq!(holds("keeper_id", Some("users"), false), "the ID of a row of users");
        assert_eq!(
            holds("name_folded", None, false),
            "name without case and accents, for searches"
        );
        assert_eq!(holds("attempts", None, true), "the number of attempts");
        assert_eq!(holds("approved_until", None, false), "approved until");
    }
}
