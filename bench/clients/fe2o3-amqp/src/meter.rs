//! Measures this process.

use std::fs;
use std::time::{Duration, Instant};

/// Named figures, printed as one line of JSON.
pub struct Figures(pub Vec<(&'static str, f64)>);

impl Figures {
    pub fn print(&self) {
        let fields: Vec<String> = self
            .0
            .iter()
            .map(|(name, value)| format!("\"{name}\":{value}"))
            .collect();
        println!("{{{}}}", fields.join(","));
    }
}

pub struct Meter {
    cpu: Duration,
    time: Instant,
}

impl Meter {
    pub fn start() -> Self {
        Meter {
            cpu: cpu_time(),
            time: Instant::now(),
        }
    }

    /// The costs of each of `count` messages.
    pub fn stop(&self, count: usize) -> Figures {
        let seconds = self.time.elapsed().as_secs_f64();
        let micros = (cpu_time() - self.cpu).as_secs_f64() * 1e6;
        Figures(vec![
            ("cpuMicrosPerMessage", micros / count as f64),
            ("messagesPerSecond", count as f64 / seconds),
        ])
    }
}

/// User and system time of all threads of this process.
fn cpu_time() -> Duration {
    // SAFETY: all octets zero are a value of `rusage`, and the pointer is valid for the whole call.
    let usage = unsafe {
        let mut usage: libc::rusage = std::mem::zeroed();
        libc::getrusage(libc::RUSAGE_SELF, &mut usage);
        usage
    };
    let of = |time: libc::timeval| Duration::new(time.tv_sec as u64, time.tv_usec as u32 * 1000);
    of(usage.ru_utime) + of(usage.ru_stime)
}

/// Half of the round trips, and 99 of 100, took no longer than this.
pub fn quantiles(mut trips: Vec<Duration>) -> [(&'static str, f64); 2] {
    trips.sort();
    let at = |share: f64| {
        let index = ((trips.len() as f64 * share) as usize).min(trips.len() - 1);
        trips[index].as_secs_f64() * 1e6
    };
    [("p50Micros", at(0.5)), ("p99Micros", at(0.99))]
}

/// A line of /proc/self/status in octets: VmRSS is the memory that is resident, VmHWM its peak.
pub fn status(name: &str) -> f64 {
    let content = fs::read_to_string("/proc/self/status").expect("the system tells the status");
    let line = content
        .lines()
        .find(|line| line.starts_with(name))
        .expect("the system tells this figure");
    let kibibytes: f64 = line
        .split_whitespace()
        .nth(1)
        .and_then(|value| value.parse().ok())
        .expect("a number");
    kibibytes * 1024.0
}
