use std::{
    collections::{BTreeMap, BTreeSet},
    fs::File,
    io::{BufRead as _, BufReader, Read, Write as _},
    path::{Path, PathBuf},
    process::ExitCode,
    sync::Arc,
    time::{Duration, Instant},
};

use anyhow::{Context as _, bail, ensure};
use kernel::Clock as _;
use platform::{
    SystemClock,
    command::{Program, say},
};
use serde_json::json;

use crate::{
    gateway::{Model, Models},
    model::{Document, Purpose, Search, SearchMeans, SearchResults},
    rules::{
        judged::{Identified, JudgedDocument, JudgedQuery, json_line, judgments},
        measures::{Grades, mean, ndcg, percentile, recall},
        vectors::embedded_text,
        words,
    },
    search::{Index, Vectors},
};

/// The depth of the reported measures.
const DEPTH: usize = 10;

/// The longest line of a file, in bytes.
const LONGEST_LINE: u64 = 4 << 20;

/// Arguments of the command.
#[derive(Clone, Debug, clap::Args)]
#[command(
    after_help = "The directory has the form of BEIR: corpus.jsonl (or corpus.jsonl.gz) with _id, title, text and optionally labels;\nqueries.jsonl with _id and text; qrels.tsv (or qrels/test.tsv) with query-id, corpus-id and score.\n\nExample:\n  guildhall discovery evaluate judged --run run.tsv"
)]
pub(super) struct Evaluate {
    /// The directory of the judged set
    #[arg(value_name = "DIR")]
    directory: PathBuf,
    /// Write the results to this file in the form of TREC, for trec_eval
    #[arg(long, value_name = "FILE")]
    run: Option<PathBuf>,
    /// The number of results of each query in the run
    #[arg(long, default_value_t = 100, value_name = "N", value_parser = clap::value_parser!(u16).range(10..=1000))]
    depth: u16,
    /// Compare words, vectors or both; vectors are made by the configured service, and do not count to the budget
    #[arg(long, value_enum, default_value_t = Means::Words)]
    by: Means,
    /// Print the result as one JSON object
    #[arg(long)]
    json: bool,
}

/// The means by which documents are found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Means {
    Words,
    Vectors,
    Both,
}

impl Evaluate {
    /// Runs the command.
    pub(super) async fn run(self, program: &dyn Program) -> anyhow::Result<ExitCode> {
        let set = JudgedSet::read(&self.directory)?;
        let began = Instant::now();
        let index = Index::in_memory()?;
        let documents = set.documents.len();
        let service = self.service(program)?;
        let near = match &service {
            Some(model) => Some(NearSet::make(model, &set).await?),
            None => None,
        };
        let numbered = set.documents.into_iter().zip(1_u64..);
        let numbered = numbered.map(|(judged, number)| {
            // Vectors find documents by these numbers. By words alone, equals stay equal.
            let tie = near.as_ref().map_or(0, |_| number);
            let own = document(judged);
            Document { tie, ..own }
        });
        let writer = index.writer()?;
        writer.add(numbered)?;
        writer.finish()?;
        let indexed = began.elapsed();
        let mut searched = EvaluationRun::new(documents, indexed);
        let mut run = self.run.as_deref().map(create).transpose()?;
        for (place, query) in set.queries.iter().enumerate() {
            let began = Instant::now();
            let search =
                Search { text: query.text.clone(), limit: self.depth.into(), ..Search::default() };
            let found = match &near {
                Some(near) => {
                    let vector = &near.queries[place];
                    index.search_near(&search, &near.vectors, vector, self.by.into())?
                }
                None => index.search(&search)?,
            };
            searched.add(&found, set.judgments.get(&query.id), began.elapsed());
            if let Some(run) = &mut run {
                write_results(run, &query.id, &found)?;
            }
        }
        if let Some(mut run) = run {
            run.flush().context("cannot write the run")?;
        }
        ensure!(
            !searched.gains.is_empty(),
            "no query has a relevant document: check that qrels.tsv names the IDs of queries.jsonl"
        );
        searched.report(self.json);
        Ok(ExitCode::SUCCESS)
    }

    /// Returns the service that makes vectors, if any are compared.
    fn service(&self, program: &dyn Program) -> anyhow::Result<Option<Arc<Model>>> {
        if self.by == Means::Words {
            return Ok(None);
        }
        let models = Models::of(program.config());
        let model = models.get().filter(|own| own.embeddings(Purpose::Query).is_some());
        let model =
            model.context("no service makes vectors: set OPENAI_API_KEY, or use `--by words`")?;
        Ok(Some(Arc::clone(model)))
    }
}

impl From<Means> for SearchMeans {
    fn from(means: Means) -> Self {
        match means {
            Means::Words => Self::Words,
            Means::Vectors => Self::Vectors,
            Means::Both => Self::Both,
        }
    }
}

/// The vectors of a judged set.
struct NearSet {
    vectors: Vectors,
    /// The vectors of the queries, in their order.
    queries: Vec<Vec<f32>>,
}

impl NearSet {
    async fn make(model: &Model, set: &JudgedSet) -> anyhow::Result<Self> {
        let text = |own: &JudgedDocument| embedded_text(&own.title, &own.labels, &own.text);
        let texts: Vec<String> = set.documents.iter().map(text).collect();
        let vectors = Vectors::default();
        let made = embedded(model, &texts).await?;
        for ((document, vector), number) in set.documents.iter().zip(made).zip(1_u64..) {
            vectors.put(&document.id, number, &vector);
        }
        let texts: Vec<String> = set.queries.iter().map(|own| own.text.clone()).collect();
        let queries = embedded(model, &texts).await?;
        Ok(Self { vectors, queries })
    }
}

/// Returns the vectors of texts, made by many at a time.
async fn embedded(model: &Model, texts: &[String]) -> anyhow::Result<Vec<Vec<f32>>> {
    let mut all = Vec::with_capacity(texts.len());
    for part in texts.chunks(64) {
        let made = model.embed_for_operator(part, SystemClock.now()).await;
        all.extend(made.context("cannot make the vectors")?);
    }
    Ok(all)
}

fn create(path: &Path) -> anyhow::Result<std::io::BufWriter<File>> {
    let file = File::create(path).with_context(|| format!("cannot write {}", path.display()))?;
    Ok(std::io::BufWriter::new(file))
}

/// Writes lines with query, `Q0`, document, rank, score and the name of the run.
fn write_results(
    run: &mut impl std::io::Write,
    query: &str,
    found: &SearchResults,
) -> anyhow::Result<()> {
    for (index, hit) in found.hits.iter().enumerate() {
        let (rank, key, score) = (index + 1, &hit.key, hit.score());
        writeln!(run, "{query}\tQ0\t{key}\t{rank}\t{score:.6}\tguildhall")
            .context("cannot write the run")?;
    }
    Ok(())
}

fn document(judged: JudgedDocument) -> Document {
    Document {
        number: words::numbers(&judged.id).last().copied(),
        key: judged.id,
        title: judged.title,
        body: judged.text,
        labels: judged.labels,
        ..Document::default()
    }
}

struct JudgedSet {
    documents: Vec<JudgedDocument>,
    queries: Vec<JudgedQuery>,
    judgments: BTreeMap<String, Grades>,
}

impl JudgedSet {
    fn read(directory: &Path) -> anyhow::Result<Self> {
        let corpus = first_of(directory, &["corpus.jsonl", "corpus.jsonl.gz"])?;
        let queries = first_of(directory, &["queries.jsonl"])?;
        let graded = first_of(directory, &["qrels.tsv", "qrels/test.tsv"])?;
        let text = std::fs::read_to_string(&graded)
            .with_context(|| format!("cannot read {}", graded.display()))?;
        Ok(Self {
            documents: lines(&corpus)?,
            queries: lines(&queries)?,
            judgments: judgments(&text).with_context(|| graded.display().to_string())?,
        })
    }
}

fn first_of(directory: &Path, names: &[&str]) -> anyhow::Result<PathBuf> {
    let mut paths = names.iter().map(|name| directory.join(name));
    let Some(found) = paths.find(|path| path.exists()) else {
        let names = names.join(" or ");
        bail!("{} has no {names}", directory.display());
    };
    Ok(found)
}

/// Reads a file of JSON lines with distinct IDs.
fn lines<T: for<'a> serde::Deserialize<'a> + Identified>(path: &Path) -> anyhow::Result<Vec<T>> {
    let name = || path.display().to_string();
    let file = File::open(path).with_context(|| format!("cannot read {}", name()))?;
    let is_packed = path.extension().is_some_and(|extension| extension == "gz");
    let mut reader: BufReader<Box<dyn Read>> = BufReader::new(if is_packed {
        Box::new(flate2::read::MultiGzDecoder::new(file))
    } else {
        Box::new(file)
    });
    let (mut read, mut ids) = (Vec::<T>::new(), BTreeSet::new());
    for number in 1.. {
        let mut line = String::new();
        let length = reader.by_ref().take(LONGEST_LINE).read_line(&mut line);
        let length = length.with_context(|| format!("cannot read {}, line {number}", name()))?;
        if length == 0 {
            break;
        }
        ensure!(
            length < LONGEST_LINE as usize,
            "{}: line {number} is longer than {LONGEST_LINE} bytes",
            name()
        );
        if line.trim().is_empty() {
            continue;
        }
        let one: T = json_line(number, line.trim_end()).with_context(name)?;
        ensure!(
            ids.insert(one.id().to_owned()),
            "{}: line {number} repeats the ID {}",
            name(),
            one.id()
        );
        read.push(one);
    }
    Ok(read)
}

/// The results of all queries.
struct EvaluationRun {
    documents: usize,
    indexed: Duration,
    gains: Vec<f64>,
    recalls: Vec<f64>,
    durations: Vec<Duration>,
}

impl EvaluationRun {
    fn new(documents: usize, indexed: Duration) -> Self {
        Self { documents, indexed, gains: Vec::new(), recalls: Vec::new(), durations: Vec::new() }
    }

    fn add(&mut self, found: &SearchResults, grades: Option<&Grades>, duration: Duration) {
        self.durations.push(duration);
        let Some(grades) = grades else {
            return;
        };
        let ranked: Vec<String> = found.hits.iter().map(|hit| hit.key.clone()).collect();
        self.gains.extend(ndcg(&ranked, grades, DEPTH));
        self.recalls.extend(recall(&ranked, grades, DEPTH));
    }

    fn report(mut self, as_json: bool) {
        let millis = |duration: Option<Duration>| duration.unwrap_or_default().as_secs_f64() * 1e3;
        let (p50, p99) = (
            millis(percentile(&mut self.durations, 0.5)),
            millis(percentile(&mut self.durations, 0.99)),
        );
        let (gain, recall) = (mean(&self.gains), mean(&self.recalls));
        if as_json {
            return say(json!({
                "documents": self.documents, "queries": self.gains.len(),
                "ndcg_at_10": gain, "recall_at_10": recall,
                "p50_ms": p50, "p99_ms": p99, "indexing_ms": self.indexed.as_millis() as u64,
            }));
        }
        say(format_args!("documents     {}", self.documents));
        say(format_args!("queries       {}", self.gains.len()));
        say(format_args!("nDCG@10       {gain:.4}"));
        say(format_args!("recall@10     {recall:.4}"));
        say(format_args!("search p50    {p50:.2} ms"));
        say(format_args!("search p99    {p99:.2} ms"));
        say(format_args!("indexing      {} ms", self.indexed.as_millis()));
    }
}
