<?php
// The wp-config.php of a test's WordPress.
define('DB_NAME', 'wordpress');
define('DB_USER', 'root');
define('DB_PASSWORD', '');
define('DB_HOST', 'localhost:{{socket}}');
define('DB_CHARSET', 'utf8mb4');
define('DB_COLLATE', '');
foreach (['AUTH', 'SECURE_AUTH', 'LOGGED_IN', 'NONCE'] as $name) {
    define($name . '_KEY', hash('sha256', '{{secret}}' . $name . 'key'));
    define($name . '_SALT', hash('sha256', '{{secret}}' . $name . 'salt'));
}
$table_prefix = 'wp_';
// Without TLS, application passwords are for local sites alone.
define('WP_ENVIRONMENT_TYPE', 'local');
define('WP_HOME', '{{url}}');
define('WP_SITEURL', '{{url}}');
// Nothing runs by itself, and nothing is fetched from outside.
define('DISABLE_WP_CRON', true);
define('AUTOMATIC_UPDATER_DISABLED', true);
define('WP_HTTP_BLOCK_EXTERNAL', true);
defined('ABSPATH') || define('ABSPATH', __DIR__ . '/');
require_once ABSPATH . 'wp-settings.php';
