// SPDX-License-Identifier: MIT
/* tests/clients/programs/threads.cc - a threaded C++ program against Debian's libstdc++ and glibc.
 *
 * Each function is one step of threads.sh: it prints what is the same on every kernel. */
#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <functional>
#include <future>
#include <iostream>
#include <map>
#include <memory>
#include <mutex>
#include <numeric>
#include <queue>
#include <random>
#include <shared_mutex>
#include <sstream>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

using namespace std::chrono_literals;

static void counting()
{
	std::mutex m;
	long plain = 0;
	std::atomic<long> atomic{0};
	std::vector<std::thread> threads;

	for (int i = 0; i < 8; i++)
		threads.emplace_back([&] {
			for (int j = 0; j < 5000; j++) {
				std::lock_guard<std::mutex> hold(m);
				plain++;
				atomic++;
			}
		});
	for (auto &t : threads)
		t.join();
	std::cout << plain << ' ' << atomic << '\n';
}

/* Producers and consumers over a bounded queue. */
static void queue()
{
	std::queue<int> items;
	std::mutex m;
	std::condition_variable full, empty;
	std::atomic<long> sum{0}, taken{0};
	std::vector<std::thread> threads;
	const int each = 1000, producers = 3, consumers = 3;

	for (int p = 0; p < producers; p++)
		threads.emplace_back([&, p] {
			for (int i = 1; i <= each; i++) {
				std::unique_lock<std::mutex> hold(m);
				full.wait(hold, [&] { return items.size() < 16; });
				items.push(p * each + i);
				empty.notify_one();
			}
		});
	for (int c = 0; c < consumers; c++)
		threads.emplace_back([&] {
			for (int i = 0; i < each * producers / consumers; i++) {
				std::unique_lock<std::mutex> hold(m);
				empty.wait(hold, [&] { return !items.empty(); });
				sum += items.front();
				taken++;
				items.pop();
				full.notify_one();
			}
		});
	for (auto &t : threads)
		t.join();
	std::cout << taken << ' ' << sum << ' ' << items.size() << '\n';
}

static void futures()
{
	auto fib = [](int n) { int a = 0, b = 1; while (n--) { int c = a + b; a = b; b = c; } return a; };
	std::vector<std::future<int>> results;
	std::promise<std::string> promise;
	auto told = promise.get_future();

	for (int i = 10; i < 20; i++)
		results.push_back(std::async(std::launch::async, fib, i));
	for (auto &r : results)
		std::cout << r.get() << ' ';
	std::thread t([&] { promise.set_value("told"); });
	std::cout << told.get() << '\n';
	t.join();
	auto failing = std::async(std::launch::async, []() -> int { throw std::runtime_error("thrown"); });
	try {
		failing.get();
	} catch (const std::exception &e) {
		std::cout << "caught " << e.what() << '\n';
	}
}

static void locks()
{
	std::shared_mutex shared;
	std::timed_mutex timed;
	std::recursive_mutex recursive;
	std::once_flag once;
	std::atomic<int> readers{0}, most{0}, times{0};
	std::vector<std::thread> threads;

	for (int i = 0; i < 4; i++)
		threads.emplace_back([&] {
			std::shared_lock<std::shared_mutex> hold(shared);
			most = std::max<int>(most, ++readers);
			std::this_thread::sleep_for(50ms);
			readers--;
			std::call_once(once, [&] { times++; });
		});
	for (auto &t : threads)
		t.join();
	std::cout << "readers " << (most > 1) << " once " << times << '\n';
	timed.lock();
	std::thread([&] { std::cout << "timed " << timed.try_lock_for(20ms) << '\n'; }).join();
	timed.unlock();
	recursive.lock();
	std::cout << "recursive " << recursive.try_lock() << '\n';
}

thread_local std::string name = "initial";

static void thread_locals()
{
	std::array<std::string, 4> seen;
	std::vector<std::thread> threads;

	name = "main";
	for (size_t i = 0; i < seen.size(); i++)
		threads.emplace_back([&, i] { seen[i] = name; name = std::to_string(i); seen[i] += name; });
	for (auto &t : threads)
		t.join();
	for (auto &s : seen)
		std::cout << s << ' ';
	std::cout << name << '\n';
}

static void clocks()
{
	auto start = std::chrono::steady_clock::now();
	std::condition_variable c;
	std::mutex m;
	std::unique_lock<std::mutex> hold(m);
	bool timeout = c.wait_for(hold, 30ms) == std::cv_status::timeout;
	auto spent = std::chrono::steady_clock::now() - start;

	std::cout << timeout << ' ' << (spent >= 30ms) << ' ' << (spent < 20s) << '\n';
}

static void containers()
{
	std::map<std::string, std::vector<int>> groups;
	std::mt19937 random(1);
	std::vector<int> numbers(1000);

	std::iota(numbers.begin(), numbers.end(), 0);
	std::shuffle(numbers.begin(), numbers.end(), random);
	for (int n : numbers)
		groups[n % 2 ? "odd" : "even"].push_back(n);
	std::sort(numbers.begin(), numbers.end());
	std::cout << groups["odd"].size() << ' ' << numbers.front() << ' ' << numbers.back() << '\n';
	try {
		std::vector<int>().at(1);
	} catch (const std::out_of_range &e) {
		std::cout << "out of range\n";
	}
	try {
		std::unique_ptr<char[]> p(new char[1UL << 60]);
	} catch (const std::bad_alloc &) {
		std::cout << "bad alloc\n";
	}
}

static void files()
{
	namespace fs = std::filesystem;

	fs::create_directories("d/e");
	std::ofstream("d/f") << "line 1\nline 2\n";
	fs::copy("d/f", "d/e/g");
	fs::create_symlink("f", "d/l");
	std::vector<std::string> names;
	for (auto &entry : fs::recursive_directory_iterator("d"))
		names.push_back(entry.path().string() + (entry.is_symlink() ? "@" : entry.is_directory() ? "/" : ""));
	std::sort(names.begin(), names.end());
	for (auto &n : names)
		std::cout << n << ' ';
	std::ifstream in("d/e/g");
	std::string line;
	std::getline(in, line);
	std::cout << line << ' ' << fs::file_size("d/f") << ' ' << fs::remove_all("d") << '\n';
}

/* Many threads at once, each with a stack that is touched. */
static void many()
{
	std::atomic<int> sum{0};
	std::vector<std::thread> threads;

	for (int i = 0; i < 100; i++)
		threads.emplace_back([&, i] {
			char stack[32768];

			std::memset(stack, i, sizeof(stack));
			std::this_thread::sleep_for(20ms);
			sum += stack[sizeof(stack) / 2];
		});
	for (auto &t : threads)
		t.join();
	std::cout << sum << '\n';
	std::ifstream status("/proc/self/status");
	for (std::string line; std::getline(status, line);)
		if (line.rfind("Threads:", 0) == 0)
			std::cout << line << '\n';
}

int main(int argc, char **argv)
{
	const std::map<std::string, std::function<void()>> steps = {
		{ "counting", counting }, { "queue", queue }, { "futures", futures }, { "locks", locks },
		{ "thread_locals", thread_locals }, { "clocks", clocks }, { "containers", containers },
		{ "files", files }, { "many", many },
	};

	if (argc == 2 && steps.count(argv[1]))
		steps.at(argv[1])();
	else if (argc == 2 && std::string(argv[1]) == "terminate")
		std::thread([] { throw std::logic_error("nobody catches"); }).join();
	else
		return 2;
	return 0;
}
