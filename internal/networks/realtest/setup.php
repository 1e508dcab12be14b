<?php
// Installs a WordPress whose wp-config.php is there, with the people of the tests:
//
//   php setup.php SITE-FOLDER HOST

define('WP_INSTALLING', true);
$_SERVER['HTTP_HOST'] = $argv[2];
require $argv[1] . '/wp-load.php';
require ABSPATH . 'wp-admin/includes/upgrade.php';
add_filter('pre_wp_mail', '__return_true'); // no mail leaves

wp_install('Acme Blog', 'olivia', 'olivia@example.com', true, '', 'olivia-password');
$people = ['eve' => 'editor', 'anna' => 'author', 'carl' => 'contributor', 'sam' => 'subscriber'];
foreach ($people as $name => $role) {
    wp_insert_user([
        'user_login' => $name, 'user_pass' => "$name-password", 'user_email' => "$name@example.com",
        'role' => $role, 'display_name' => ucfirst($name),
    ]);
}
