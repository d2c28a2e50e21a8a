"""Reading what strangers send into costs: electronic invoices, spreadsheets. Nothing here touches the database."""
