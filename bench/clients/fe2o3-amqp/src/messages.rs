//! The messages of each scenario, and how they are read.

use fe2o3_amqp::types::messaging::{ApplicationProperties, Data, Message, Properties};
use fe2o3_amqp::types::primitives::{Binary, SimpleValue, Symbol};

/// The message with 4 properties, 5 application properties and 1 KiB of body.
pub fn typical(index: usize, body: &Binary) -> Message<Data> {
    Message::builder()
        .properties(
            Properties::builder()
                .message_id(format!("order-{index:010}"))
                .to("orders")
                .subject("order.created")
                .content_type(Symbol::from("application/json"))
                .build(),
        )
        .application_properties(
            ApplicationProperties::builder()
                .insert("tenant", "acme-europe")
                .insert("region", "eu-west-1")
                .insert("attempt", 3i32)
                .insert("replayed", false)
                .insert("weight", 12.5f64)
                .build(),
        )
        .data(body.clone())
        .build()
}

/// Uses every value that was received.
pub fn read_typical(message: &Message<Data>) -> Option<()> {
    use fe2o3_amqp::types::messaging::MessageId;
    let properties = message.properties.as_ref()?;
    let application = message.application_properties.as_ref()?;
    let id = match properties.message_id.as_ref()? {
        MessageId::String(id) => id,
        _ => return None,
    };
    let right = id.len() == 16
        && properties.to.as_deref() == Some("orders")
        && properties.subject.as_deref() == Some("order.created")
        && properties.content_type.as_ref()?.as_str() == "application/json"
        && application.get("tenant") == Some(&SimpleValue::from("acme-europe"))
        && application.get("region") == Some(&SimpleValue::from("eu-west-1"))
        && application.get("attempt") == Some(&SimpleValue::from(3i32))
        && application.get("replayed") == Some(&SimpleValue::from(false))
        && application.get("weight") == Some(&SimpleValue::from(12.5f64))
        && message.body.0.len() == 1024;
    right.then_some(())
}
