"""The roof: home, dashboard, health, the demonstration, the administration site."""
