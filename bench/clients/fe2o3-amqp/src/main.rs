//! fe2o3-amqp: `fe2o3-amqp-bench scenario host port count` prints its figures as one line of JSON.

mod messages;
mod meter;
mod receive;
mod send;

use std::error::Error;

use fe2o3_amqp::Connection;
use fe2o3_amqp::connection::ConnectionHandle;
use tokio::net::TcpStream;

pub type Failure = Box<dyn Error + Send + Sync>;

/// What the command line asks for.
pub struct Task {
    pub scenario: String,
    pub address: String,
    pub count: usize,
    pub warm: usize,
    pub body_size: usize,
    pub window: usize,
    /// The source address that gives all these messages.
    pub source: String,
}

impl Task {
    fn parse() -> Result<Task, Failure> {
        let arguments: Vec<String> = std::env::args().skip(1).collect();
        let [scenario, host, port, count] = &arguments[..] else {
            return Err("usage: fe2o3-amqp-bench scenario host port count".into());
        };
        let count: usize = count.parse()?;
        let (kind, body_size, window, warm) = match scenario.split('-').next() {
            Some("typical") => ("typical", 1024, 1000, count.div_ceil(5)),
            Some("large") => ("large", 1 << 20, 16, count.div_ceil(5)),
            Some("huge") => ("huge", 100 << 20, 1, 0),
            _ => ("count", 100, 1000, count.div_ceil(5)),
        };
        Ok(Task {
            scenario: scenario.clone(),
            address: format!("{host}:{port}"),
            count,
            warm,
            body_size,
            window,
            source: format!("{kind}-{}", count + warm),
        })
    }

    pub fn total(&self) -> usize {
        self.count + self.warm
    }

    pub fn is_typical(&self) -> bool {
        self.scenario.starts_with("typical")
    }

    /// Whether small writes may wait for each other: Nagle's algorithm gathers pipelined sends, which takes less CPU time
    /// and is faster; anywhere else it would wait for delayed acknowledgements.
    fn is_gathered(&self) -> bool {
        matches!(self.scenario.as_str(), "send" | "typical-send")
    }

    pub async fn connect(&self) -> Result<ConnectionHandle<()>, Failure> {
        let stream = TcpStream::connect(&self.address).await?;
        stream.set_nodelay(!self.is_gathered())?;
        let connection = Connection::builder()
            .container_id("fe2o3-amqp")
            .max_frame_size(65_536u32)
            .open_with_stream(stream)
            .await?;
        Ok(connection)
    }
}

async fn run(task: &Task) -> Result<meter::Figures, Failure> {
    match task.scenario.as_str() {
        "send" | "typical-send" | "large-send" => send::send(task).await,
        "send-awaited" => send::send_awaited(task).await,
        "huge-send" => send::send_huge(task).await,
        "receive" | "receive-read" | "typical-receive" | "large-receive" => {
            receive::receive(task).await
        }
        "huge-receive" => receive::receive_huge(task).await,
        other => Err(format!("no scenario {other}").into()),
    }
}

fn main() -> Result<(), Failure> {
    let task = Task::parse()?;
    // Several threads are faster where messages are pipelined; one is faster where each waits for the one before.
    let mut builder = match task.scenario.as_str() {
        "send-awaited" => tokio::runtime::Builder::new_current_thread(),
        _ => tokio::runtime::Builder::new_multi_thread(),
    };
    let runtime = builder.enable_all().build()?;
    runtime.block_on(run(&task))?.print();
    Ok(())
}
