<?php
/**
 * Render pages with an unmodified DokuWiki: php render.php render|bench|ids ROOT [DATA] <pages.jsonl
 *
 * ROOT is where Debian's package was unpacked, DATA a data folder whose pages and media are there to be linked to.
 *
 * Each page is rendered in a process of its own, forked from one that has loaded everything: so each
 * numbers its footnotes from one, sees no other page, and if one dies the others do not.
 */

[, $task, $root, $data] = $argv + [3 => ''];

/** Make a wiki without plugins or users that vanishes with this process. */
function throwAwayWiki(string $root, string $data): string
{
    $home = sys_get_temp_dir() . '/wikicable-oracle-' . getmypid();
    foreach (explode(' ', 'attic cache index locks log media media_attic media_meta meta pages tmp') as $name) {
        mkdir("$home/data/$name", 0700, true);
    }
    if ($data) exec('cp -r ' . escapeshellarg("$data/pages") . ' ' . escapeshellarg("$data/media") . " $home/data/");
    mkdir("$home/conf");
    foreach (glob("$root/etc/dokuwiki/*.{php,conf}", GLOB_BRACE) as $file) {
        if (is_file($file)) copy($file, "$home/conf/" . basename($file));
    }
    $settings = ['useacl' => 0, 'savedir' => "$home/data"];
    $settings['proxy'] = ['host' => '127.0.0.1', 'port' => 9, 'user' => '', 'pass' => '', 'ssl' => false, 'except' => ''];
    $local = '$conf = array_merge($conf, ' . var_export($settings, true) . ');';
    file_put_contents("$home/conf/local.php", "<?php $local"); // no proxy is there: no feed is ever fetched
    file_put_contents("$home/conf/plugins.local.php", "<?php \$plugins['info'] = 0;"); // the one that has syntax
    $owner = getmypid();
    register_shutdown_function(fn() => getmypid() === $owner && exec('rm -rf ' . escapeshellarg($home)));
    return $home;
}

function boot(string $root, string $home): void
{
    global $ID, $ACT, $INFO, $conf, $lang, $config_cascade, $input, $INPUT, $EVENT_HANDLER, $plugin_controller;
    ini_set('display_errors', 'stderr');
    ini_set('memory_limit', '-1');
    define('DOKU_E_LEVEL', E_ERROR);
    define('NOSESSION', true);
    define('DOKU_INC', "$root/usr/share/dokuwiki/");
    define('DOKU_CONF', "$home/conf/");
    define('DOKU_PLUGIN', "$root/var/lib/dokuwiki/lib/plugins/");
    define('DOKU_URL', 'http://wiki.invalid/');
    define('DOKU_BASE', '/');
    $_SERVER += ['REMOTE_ADDR' => '127.0.0.1', 'HTTP_HOST' => 'wiki.invalid', 'SERVER_PORT' => '80'];
    require DOKU_INC . 'inc/init.php';
    [$ID, $ACT, $INFO] = ['page', 'show', ['perm' => AUTH_READ, 'exists' => true]];
}

function rendered(string $text, string $page = 'page'): string
{
    $about = [];
    $GLOBALS['ID'] = $page;
    return p_render('xhtml', p_get_instructions($text), $about);
}

/** Print the page, or what is wrong with it, from a child process; what that cannot say, say for it. */
function renderApart(array $page): void
{
    $child = pcntl_fork();
    if ($child === 0) {
        try {
            answer($page['id'], 'xhtml', rendered($page['text'], $page['page'] ?? 'page'));
        } catch (Throwable $error) {
            answer($page['id'], 'error', $error->getMessage());
        }
        exit(0);
    }
    pcntl_waitpid($child, $status);
    if (pcntl_wexitstatus($status) !== 0) answer($page['id'], 'error', 'the process died');
}

/** Print the ids that names and headings of one page have, by settings that DokuWiki remembers for a whole process. */
function idsApart(array $asked): void
{
    $child = pcntl_fork();
    if ($child === 0) {
        global $conf, $cache_cleanid;
        $conf = array_merge($conf, $asked['conf']);
        $cache_cleanid = [];
        $taken = [];
        foreach ($asked['names'] as $name) {
            fwrite(STDOUT, json_encode([cleanID($name), sectionID($name, $taken)], JSON_UNESCAPED_UNICODE) . "\n");
        }
        exit(0);
    }
    pcntl_waitpid($child, $status);
}

function answer($id, string $key, string $value): void
{
    $line = ['id' => $id, $key => $value];
    fwrite(STDOUT, json_encode($line, JSON_UNESCAPED_UNICODE | JSON_INVALID_UTF8_SUBSTITUTE) . "\n");
}

function seconds(callable $work): float
{
    $start = hrtime(true);
    $work();
    return (hrtime(true) - $start) / 1e9;
}

boot($root, throwAwayWiki($root, $data));
$pages = array_map(fn($line) => json_decode($line, true), file('php://stdin', FILE_SKIP_EMPTY_LINES));
if ($task !== "ids") rendered("[[warm]] **up** {{x.png}} :-)\n  * a\n^ b ^\n<code php>1</code>");
if ($task === 'render') {
    array_map('renderApart', $pages);
} elseif ($task === 'ids') {
    array_map('idsApart', $pages);
} else {
    $texts = array_column($pages, 'text');
    echo json_encode([
        'parse' => seconds(fn() => array_map('p_get_instructions', $texts)),
        'render' => seconds(fn() => array_map('rendered', $texts)),
    ]), "\n";
}
