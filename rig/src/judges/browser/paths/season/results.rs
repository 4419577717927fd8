//! A visitor reads the final results and the report, compares them with their files and the API, and prints the report.

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use super::{GRANTED, LINA, SEASON, Scene, WILL, called};
use crate::http::Connection;

const RESULTS: &str = "/api/v1/seasons/lantern-autumn/results";
/// The smallest size of a printed report with its charts and tables, in bytes.
const LEAST_PDF: usize = 10_000;

/// A row of a table.
type Row = Vec<String>;

/// Takes the steps from the page of the season.
pub(super) async fn read(scene: &mut Scene) -> Result<()> {
    scene.forget().await?;
    scene.arrive().await?;
    scene.go_to_season().await?;
    let rows = read_results(scene).await?;
    check_winner(&rows)?;
    compare_results(scene.port, &rows).await?;
    read_report(scene).await?;
    print_report(scene).await?;
    be_notified(scene).await?;
    verify(scene)
}

/// Reads the final results on their page and in its CSV file, which have the same rows, and returns them.
async fn read_results(scene: &mut Scene) -> Result<Vec<Row>> {
    let driver = &mut scene.driver;
    driver.follow("Final results").await?;
    driver.lands("Results of Lantern Autumn").await?;
    driver.says(".head .state", "Final").await?;
    let shown = driver.text("[aria-label='Results'] tbody").await?;
    let file = driver.path_of(".head a[href*='results.csv']").await?;
    let rows = csv(&get(scene.port, &file).await?);
    let line = |row: &Row| match &row[..] {
        [rank, person, points, merged, goal, _] => {
            format!("{rank}{}{merged}{}{points}", name_cell(person), reached(goal))
        }
        _ => String::new(),
    };
    agree(&shown, &rows.iter().map(line).collect::<String>())?;
    Ok(rows)
}

/// Checks that the granted points won, and that the other contributor is second.
fn check_winner(rows: &[Row]) -> Result<()> {
    let [first, second] = rows else {
        anyhow::bail!("the results have {} people: {rows:?}", rows.len());
    };
    let won = ["1", LINA, GRANTED, "1", "yes", "final"];
    ensure!(first == &won, "{LINA} did not win: {first:?}");
    ensure!(second[1] == WILL, "{WILL} is not second: {second:?}");
    Ok(())
}

/// Compares the results in the API with the rows of the file.
async fn compare_results(port: u16, rows: &[Row]) -> Result<()> {
    let page: Value = serde_json::from_str(&get(port, RESULTS).await?)?;
    ensure!(page["final_at"].is_string(), "not final: {page}");
    let row = |item: &Value| {
        let names = ["rank", "login", "points", "merged"];
        let mut row = names.map(|name| plain(&item[name])).to_vec();
        let goal = item["has_reached_goal"] == true;
        row.push(if goal { "yes" } else { "no" }.to_owned());
        row.push("final".to_owned());
        row
    };
    let items = page["items"].as_array().context("no results")?;
    let items: Vec<Row> = items.iter().map(row).collect();
    ensure!(items == rows, "the API has {items:?}, the file {rows:?}");
    Ok(())
}

/// Reads the report. The CSV file of its people and the API have the same rows.
async fn read_report(scene: &mut Scene) -> Result<()> {
    let driver = &mut scene.driver;
    driver.follow_in("//main", "Report").await?;
    driver.lands("Report of Lantern Autumn").await?;
    driver.says(".head .state", "Final results").await?;
    driver.says("[aria-labelledby='about']", "2 people").await?;
    let people = "[aria-labelledby='people']";
    let shown = driver.text(&format!("{people} tbody")).await?;
    let file = format!("{people} a[href*='table=people']");
    let file = driver.path_of(&file).await?;
    let api = driver.path_of(".head a[href^='/api/']").await?;
    let rows = csv(&get(scene.port, &file).await?);
    let line = |row: &Row| match &row[..] {
        [person, rank, merged, points, goal] => {
            format!("{}{rank}{merged}{points}{}", name_cell(person), reached(goal))
        }
        _ => String::new(),
    };
    agree(&shown, &rows.iter().map(line).collect::<String>())?;
    compare_people(scene.port, &api, &rows).await
}

/// Compares the people of the report in the API with the rows of the file.
async fn compare_people(port: u16, api: &str, rows: &[Row]) -> Result<()> {
    let report: Value = serde_json::from_str(&get(port, api).await?)?;
    let names = ["login", "rank", "merged", "points"];
    let row = |person: &Value| names.map(|name| plain(&person[name])).to_vec();
    let people = report["people"].as_array().context("no people")?;
    let people: Vec<Row> = people.iter().map(row).collect();
    let listed = rows.iter().map(|row| row.iter().take(names.len()));
    let listed: Vec<Row> = listed.map(|row| row.cloned().collect()).collect();
    ensure!(people == listed, "the API has {people:?}, the file {rows:?}");
    Ok(())
}

/// Prints the report: the PDF is more than an empty page, and links the winner.
async fn print_report(scene: &mut Scene) -> Result<()> {
    let pdf = scene.driver.print().await?;
    ensure!(pdf.starts_with(b"%PDF-"), "the printed report is no PDF");
    ensure!(pdf.len() > LEAST_PDF, "the PDF has {} bytes", pdf.len());
    let winner = format!("/people/{LINA})");
    let mut places = pdf.windows(winner.len());
    let is_linked = places.any(|place| place == winner.as_bytes());
    ensure!(is_linked, "the printed report does not link {LINA}");
    scene.driver.follow_in("//main", SEASON).await?;
    scene.driver.lands(SEASON).await
}

/// The winner is notified of the appeal and of the results.
async fn be_notified(scene: &mut Scene) -> Result<()> {
    scene.become_person(LINA).await?;
    let driver = &mut scene.driver;
    let (unread, news) = ("[aria-labelledby='nts']", "The results of Lantern Autumn are final");
    driver.reloads_until(unread, news).await?;
    driver.says(unread, "The appeal of dispute D-1 is granted").await?;
    driver.follow(news).await?;
    driver.lands("Results of Lantern Autumn").await
}

/// Verifies the ledger, and that a rebuild would post nothing.
fn verify(scene: &Scene) -> Result<()> {
    scene.installation.quietly(&["ledger", "verify"])?;
    let rebuild = ["ledger", "rebuild", "--check"];
    let said = scene.installation.quietly(&rebuild)?;
    ensure!(said.contains("; 0 entries would be posted"), "{said}");
    Ok(())
}

async fn get(port: u16, path: &str) -> Result<String> {
    let answer = Connection::open(port).await?.get(path).await?;
    ensure!(answer.status == 200, "{path}: {}", answer.text());
    Ok(answer.text())
}

/// Returns the rows of a CSV file without its head. Its cells contain neither commas nor quotes.
fn csv(file: &str) -> Vec<Row> {
    let cell = |cell: &str| cell.trim_matches('"').to_owned();
    let row = |line: &str| line.split(',').map(cell).collect();
    file.lines().skip(1).map(row).collect()
}

/// Returns a text or a number of JSON as text.
fn plain(value: &Value) -> String {
    let text = value.as_str().map(str::to_owned);
    text.unwrap_or_else(|| value.to_string())
}

/// Returns how tables show a person: by name and login, without the space between words.
fn name_cell(login: &str) -> String {
    format!("{}{login}", called(login).replace(' ', ""))
}

/// Returns how pages show whether the goal was reached.
fn reached(goal: &str) -> &'static str {
    if goal == "yes" { "Reached" } else { "–" }
}

/// Compares a table on the page with the rows of its file, without the space between cells.
fn agree(shown: &str, rows: &str) -> Result<()> {
    let shown: String = shown.split_whitespace().collect();
    ensure!(shown == rows, "the page shows {shown:?}, the file {rows:?}");
    Ok(())
}
