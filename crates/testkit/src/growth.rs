//! Measures how the cost of a function grows with the length of its input. A cost that grows faster lets one long text occupy the
//! server.

use std::{env, time::Duration};

use rustix::time::{ClockId, clock_gettime};

/// The length of the shortest input, in bytes: what the largest fields take.
const LENGTH: usize = 16 * 1024;

/// The greatest growth of the cost when the input doubles.
const MOST: f64 = 2.5;

/// The processor time that is too short to be compared.
const FLOOR: Duration = Duration::from_millis(4);

/// How often each input is measured at most.
const ROUNDS: usize = 10;

/// How often each input runs in a measurement: the shorter ones oftener, so that all take about as long.
const RUNS: [u32; 3] = [4, 2, 1];

/// Stands for a number in a shape, so that what it repeats is different each time.
const NUMBER: &str = "{n}";

/// The parts that hostile texts repeat: they open and never end, nest, take several bytes, or are different each time.
pub const SHAPES: [&str; 5] = ["[", "<!-- \"", "*a **b _", "\u{e9} ", "w{n}.a/,= "];

/// Returns `target` after checking that its cost grows in proportion to its input. Beside a fuzzer, nothing is measured.
///
/// # Panics
/// When the cost of an input that is twice as long is more than 2.5 times as high.
pub fn linear<F: Fn(&[u8])>(target: F) -> F {
    linear_in(&SHAPES, target)
}

/// Does the same with texts.
///
/// # Panics
/// As [`linear`].
pub fn linear_text<F: Fn(&String)>(target: F) -> F {
    _ = linear(|bytes| target(&String::from_utf8_lossy(bytes).into_owned()));
    target
}

/// Does the same with inputs that are made of texts which repeat `shapes`.
///
/// # Panics
/// As [`linear`].
pub fn linear_of<T, F: Fn(&T)>(shapes: &[&str], make: impl Fn(&str) -> T, target: F) -> F {
    _ = linear_in(shapes, |bytes| target(&make(&String::from_utf8_lossy(bytes))));
    target
}

/// Does the same with texts that repeat these, where `{n}` is a number.
///
/// # Panics
/// As [`linear`].
pub fn linear_in<F: Fn(&[u8])>(shapes: &[&str], target: F) -> F {
    if env::var_os("BOLERO_LIBFUZZER_ARGS").is_none() {
        for shape in shapes {
            let growth = growth(|length| target(&repeated(shape, length)));
            if let Some((growth, costs)) = growth.filter(|(growth, _)| *growth > MOST) {
                panic!("{shape:?}: {growth:.1} times the cost for twice the input: {costs:?}");
            }
        }
    }
    target
}

/// Returns a text of about this length that repeats another.
fn repeated(shape: &str, length: usize) -> Vec<u8> {
    if !shape.contains(NUMBER) {
        return shape.repeat(length / shape.len()).into_bytes();
    }
    let mut text = String::with_capacity(length + shape.len());
    for number in 0.. {
        if text.len() >= length {
            break;
        }
        text.push_str(&shape.replace(NUMBER, &number.to_string()));
    }
    text.into_bytes()
}

/// Returns how much the cost of a function grows when the length doubles, the greater of two doublings, with the costs;
/// `None` if it takes no time. A busy machine only makes single measurements longer, so the shortest of each length
/// counts, and a growth counts if it stays too great.
fn growth(run: impl Fn(usize)) -> Option<(f64, [Duration; 3])> {
    let lengths = [LENGTH, 2 * LENGTH, 4 * LENGTH];
    let mut costs = [Duration::MAX, Duration::MAX, cost(|| run(lengths[2]))];
    if costs[2] < FLOOR {
        return None;
    }
    let mut growth = f64::INFINITY;
    for _ in 0..ROUNDS {
        for ((least, length), runs) in costs.iter_mut().zip(lengths).zip(RUNS) {
            let together = cost(|| (0..runs).for_each(|_| run(length)));
            *least = (together / runs).min(*least);
        }
        let doubled = |of: usize| costs[of + 1].as_secs_f64() / costs[of].as_secs_f64();
        growth = doubled(0).max(doubled(1));
        if growth <= MOST {
            break;
        }
    }
    Some((growth, costs))
}

/// Returns the processor time that this thread takes to run a function.
fn cost(run: impl FnOnce()) -> Duration {
    let before = processor_time();
    run();
    processor_time().saturating_sub(before)
}

fn processor_time() -> Duration {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    let seconds = u64::try_from(time.tv_sec).unwrap_or(0);
    Duration::new(seconds, u32::try_from(time.tv_nsec).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use std::{hint::black_box, panic::catch_unwind};

    use super::*;

    /// Compares `times` times a text of 64 bytes.
    fn works(times: usize) {
        let text = black_box([b'a'; 64]);
        for _ in 0..times {
            black_box(text.iter().filter(|byte| **byte == black_box(b'b')).count());
        }
    }

    #[test]
    fn a_quadratic_function_is_found() {
        _ = linear(|bytes| works(bytes.len()));
        let quadratic = catch_unwind(|| linear(|bytes| works(bytes.len() * bytes.len() / 40_000)));
        assert!(quadratic.is_err(), "its cost grows four times");
    }

    #[test]
    fn each_doubling_counts() {
        // The mean of 1.5 and 4 is less than 2.5.
        let late = |bytes: &[u8]| {
            works(match bytes.len() {
                ..20_000 => 16_000,
                20_000..40_000 => 24_000,
                _ => 96_000,
            });
        };
        assert!(catch_unwind(|| linear(late)).is_err(), "its cost grows four times at the end");
    }

    #[test]
    fn inputs_are_made_of_texts() {
        let target = |(number, text): &(u8, String)| assert!(*number == 7 && text.contains('w'));
        linear_of(&["w"], |text| (7, text.to_owned()), target)(&(7, "w".to_owned()));
    }

    #[test]
    fn short_costs_are_not_compared() {
        assert_eq!(growth(|length| works((length * length) >> 24)), None);
    }
}
